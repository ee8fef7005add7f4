
// Looks up what the engine answered. When a service is lost is decided nowhere in here.
(() => {
  "use strict";
  const SHOWN = 12;
  const SERVE = 1;
  const DATA = 4;
  const LEVELS = ["serve", "recover", "data"];
  const data = JSON.parse(document.getElementById("answers").textContent);
  const $ = (id) => document.getElementById(id);
  const chosen = new Set();

  const make = (tag, text, className) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    if (className) element.className = className;
    return element;
  };
  const hidden = (text) => make("span", text, "hidden");
  const kindOf = (id) => data.kinds[data.elements[id][0]][0];
  const nameOf = (id) => data.elements[id][1];
  const number = (count, one, many) => `${count} ${count === 1 ? one : many}`;

  // The answer to what is chosen, or undefined where the engine was not asked.
  const parsed = new Map();
  const ranges = (prefix) => {
    if (!parsed.has(prefix)) {
      const line = Object.hasOwn(data.asked, prefix) ? data.asked[prefix] : "";
      parsed.set(prefix, line.split(";").filter(Boolean).map((entry) => {
        const [classes, answer] = entry.split(":");
        const [first, last] = classes.split("-").map(Number);
        return { first, last: last ?? first, answer: Number(answer) };
      }));
    }
    return parsed.get(prefix);
  };
  const answer = (down) => {
    if (down.length === 0) return data.none === null ? undefined : data.answers[data.none];
    const classes = down.map((id) => data.classes[id]).sort((left, right) => left - right);
    const last = classes.pop();
    const found = ranges(classes.join(",")).find((range) => range.first <= last && last <= range.last);
    return found && data.answers[found.answer];
  };
  const taken = (down) => {
    const with_it = new Set();
    for (const [sets, lost] of data.takes) {
      if (sets.every((id) => chosen.has(id))) lost.forEach((id) => with_it.add(id));
    }
    down.forEach((id) => with_it.delete(id));
    return with_it;
  };

  // Elements become buttons.
  const buttons = new Map();
  const adopt = (button, id) => {
    button.type = "button";
    button.dataset.element = id;
    button.setAttribute("aria-pressed", chosen.has(id));
    if (!buttons.has(id)) buttons.set(id, []);
    buttons.get(id).push(button);
    return button;
  };
  const button = (id) => {
    const made = make("button", undefined, "element");
    made.append(make("span", kindOf(id), "kind"), ` ${nameOf(id)}`);
    return adopt(made, id);
  };
  for (const span of document.querySelectorAll("span.element[data-element]")) {
    const made = make("button", undefined, span.className);
    made.append(...span.childNodes);
    span.replaceWith(adopt(made, Number(span.dataset.element)));
  }

  const choose = (id, on = !chosen.has(id)) => {
    if (on) chosen.add(id);
    else chosen.delete(id);
    show();
    remember();
  };
  document.addEventListener("click", (event) => {
    const pressed = event.target.closest("button[data-element]");
    if (!pressed) return;
    const gone = pressed.closest("#down");
    choose(Number(pressed.dataset.element));
    // The button that had the focus is not there any more.
    if (gone) ($("down").querySelector("button") ?? $("name")).focus();
  });
  $("clear").addEventListener("click", () => {
    chosen.clear();
    show();
    remember();
    $("name").focus();
  });

  // What is said.
  const list = (title, items, sign, signClass) => {
    const fragment = document.createDocumentFragment();
    if (items.length === 0) return fragment;
    fragment.append(make("h4", title));
    const ul = make("ul");
    for (const [name, words] of items) {
      const li = make("li");
      const mark = make("span", sign, `sign ${signClass}`);
      mark.setAttribute("aria-hidden", "true");
      const said = make("span");
      said.append(make("b", name), " ", make("span", words, "muted"));
      li.append(mark, said);
      ul.append(li);
    }
    fragment.append(ul);
    return fragment;
  };
  const folded = (content, title) => {
    const details = make("details");
    details.append(make("summary", title), content);
    return details;
  };
  const names = (ids) => ids.map(nameOf).join(", ");
  const services = (ids) => ids.map((id) => data.services[id]).join(", ");
  // Services that the same losses would take stand together.
  const following = (next) => {
    const ways = new Map();
    for (const [service, level, kind, count, examples] of next) {
      const [one, many] = data.kinds[kind];
      const some = examples.length === 0 ? "" : examples.length < count ? ` (such as ${names(examples)})` : ` (${names(examples)})`;
      const way = count === 1 && examples.length === 1 ? `${one} ${names(examples)}` : `any of ${number(count, one, many)}${some}`;
      const key = data.services[service] + (level === 0 ? "" : ` (${LEVELS[level]})`);
      ways.set(key, [...(ways.get(key) ?? []), way]);
    }
    const grouped = new Map();
    for (const [key, all] of ways) {
      const words = `with ${all.join(", or ")}`;
      grouped.set(words, [...(grouped.get(words) ?? []), key]);
    }
    return [...grouped].map(([words, keys]) => [keys.join(", "), words]);
  };

  const show = () => {
    const down = [...chosen].sort((left, right) => left - right);
    const with_it = taken(down);
    $("down").replaceChildren(...down.map((id) => {
      const li = make("li");
      li.append(button(id));
      return li;
    }));
    mark(with_it);
    $("clear").hidden = down.length === 0;
    $("worst").hidden = down.length > 0;
    const effects = $("effects");
    effects.replaceChildren();
    const found = answer(down);
    if (!found) {
      if (down.length > 0) unasked(down, effects);
      else say("Nothing is down.");
    } else {
      const [all, next] = found;
      const stated = (wanted) => all.filter(([, levels]) => wanted(levels)).map(([id, levels]) => [data.services[id], data.states[levels]]);
      const stopped = stated((levels) => (levels & SERVE) !== 0);
      const writes = stated((levels) => (levels & (SERVE | DATA)) === DATA);
      const endangered = stated((levels) => levels !== 0 && (levels & (SERVE | DATA)) === 0);
      const less = all.filter(([, , without]) => without.length > 0)
        .map(([id, , without]) => [data.services[id], `goes on without ${services(without)}`]);
      const noticed = new Set([...all, ...next].map(([id]) => id));
      const others = data.services.filter((_, id) => !noticed.has(id)).map((name) => [name, ""]);
      effects.append(
        list("Stop serving", stopped, "✕", "bad"),
        list("Go on, but may lose writes", writes, "✕", "bad"),
        list("Go on, with less behind them", endangered, "!", "warn"),
        list("Serve less", less, "△", "warn"),
        list("Go on, and the next loss would take", following(next), "→", "warn"),
      );
      if (others.length > 0) {
        const rest = list("Go on as before", others, "✓", "good");
        effects.append(others.length > SHOWN ? folded(rest, `${number(others.length, "service goes", "services go")} on as before`) : rest);
      }
      const weaker = new Set(next.map(([id]) => id)).size;
      const counts = [stopped.length, writes.length, endangered.length + less.length, weaker];
      const short = ["stop", "may lose writes", "with less", "until the next loss"].map((words, place) => [counts[place], words]);
      say(sentence(down, ...counts, others.length),
        short.filter(([count]) => count > 0).map(([count, words]) => `${count} ${words}`).join(", ") || "no service notices");
    }
    if (with_it.size > 0) {
      const of_kind = data.kinds.map(([one, many], kind) => {
        const ids = [...with_it].filter((id) => data.elements[id][0] === kind).sort((left, right) => left - right);
        return [number(ids.length, one, many), names(ids), ids.length];
      });
      const rest = list("Goes down with it", of_kind.filter(([, , count]) => count > 0), "↓", "bad");
      effects.append(with_it.size > 3 * SHOWN ? folded(rest, `${number(with_it.size, "element goes", "elements go")} down with it`) : rest);
    }
  };
  const sentence = (down, stopped, writes, less, next, others) => {
    const told = down.length > 3 ? `${down.length} elements` : down.map(nameOf).join(", ");
    const parts = [];
    if (stopped) parts.push(number(stopped, "service stops", "services stop"));
    if (writes) parts.push(`${number(writes, "service", "services")} may lose writes`);
    if (less) parts.push(`${number(less, "goes on with less", "go on with less")}`);
    if (next) parts.push(`${number(next, "goes on until the next loss", "go on until the next loss")}`);
    if (others) parts.push(`${number(others, "goes", "go")} on as before`);
    return down.length === 0 ? `Nothing is down: ${parts.join(", ")}.` : `With ${told} down: ${parts.join(", ") || "no service is declared"}.`;
  };
  const unasked = (down, into) => {
    const words = down.map(nameOf).join(",");
    const quoted = /^[\w.,:@-]+$/.test(words) ? words : `'${words.replaceAll("'", "'\\''")}'`;
    const box = make("div", undefined, "unasked");
    box.append(make("p", "The engine was not asked about this combination. Ask it:"), make("code", `k8s-ha faults --down ${quoted}`));
    into.append(box);
    say(`${number(down.length, "element is", "elements are")} down: the engine was not asked about this.`, "not asked");
  };
  const say = (text, short = text) => {
    $("status").textContent = text;
    $("bar").textContent = `${chosen.size} down: ${short}`;
    bar();
  };
  // On a phone the panel is below the drawing: a line says what it says until it is in view.
  let panel_in_view = false;
  const bar = () => {
    $("bar").hidden = chosen.size === 0 || panel_in_view;
  };
  new IntersectionObserver(([entry]) => {
    panel_in_view = entry.isIntersecting;
    bar();
  }).observe($("panel"));
  const mark = (with_it) => {
    for (const [id, all] of buttons) {
      const live = all.filter((one) => one.isConnected);
      buttons.set(id, live);
      for (const one of live) {
        const is_taken = with_it.has(id);
        one.setAttribute("aria-pressed", chosen.has(id));
        one.classList.toggle("down", chosen.has(id));
        one.classList.toggle("taken", is_taken);
        const told = one.querySelector("[data-taken]");
        if (is_taken && !told) {
          const words = hidden(", goes down with it");
          words.dataset.taken = "";
          one.append(words);
        } else if (!is_taken && told) told.remove();
      }
    }
    for (const told of document.querySelectorAll("[data-hits]")) {
      const within = told.closest("details").querySelectorAll("button.down, button.taken").length;
      told.textContent = within > 0 ? `${within} down here` : "";
    }
  };

  // The search.
  const search = () => {
    const words = $("name").value.trim().toLowerCase();
    const matches = words === "" ? [] : data.elements.map((_, id) => id)
      .filter((id) => `${kindOf(id)} ${nameOf(id)}`.toLowerCase().includes(words));
    // A name that begins so comes first.
    const first = (id) => (nameOf(id).toLowerCase().startsWith(words) ? 0 : 1);
    matches.sort((left, right) => first(left) - first(right) || left - right);
    $("found").replaceChildren(...matches.slice(0, SHOWN).map((id) => {
      const li = make("li");
      li.append(button(id));
      return li;
    }));
    const more = matches.length > SHOWN ? `, the first ${SHOWN} are shown` : "";
    $("found-count").textContent = words === "" ? "" : `${number(matches.length, "element", "elements")} found${more}`;
    mark(taken([...chosen]));
    return matches;
  };
  $("name").addEventListener("input", search);
  $("name").addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      $("name").value = "";
      search();
    } else if (event.key === "Enter") {
      const [first] = search();
      if (first !== undefined) choose(first);
    }
  });

  // The address names what is down, so that a view can be sent to somebody.
  const remember = () => {
    const named = [...chosen].map((id) => `${encodeURIComponent(kindOf(id))}:${encodeURIComponent(nameOf(id))}`);
    history.replaceState(null, "", named.length > 0 ? `#down=${named.join(",")}` : "#failures");
  };
  const recall = () => {
    if (!location.hash.startsWith("#down=")) return;
    const named = new Set(location.hash.slice("#down=".length).split(","));
    chosen.clear();
    data.elements.forEach((_, id) => {
      if (named.has(`${encodeURIComponent(kindOf(id))}:${encodeURIComponent(nameOf(id))}`)) chosen.add(id);
    });
    show();
    $("failures").scrollIntoView();
  };
  addEventListener("hashchange", recall);

  // What is folded is printed too.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    closed.forEach((details) => { details.open = true; });
  });
  addEventListener("afterprint", () => closed.forEach((details) => { details.open = false; }));

  for (const id of ["how", "search", "panel", "signs"]) $(id).hidden = false;
  show();
  recall();
})();
