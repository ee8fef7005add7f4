//! A rendered file, and what has to happen when it changes.

use serde::Serialize;

/// Who changes a file. Each has one keeper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Keeper {
    /// Salt writes it.
    Salt,
    /// kubeadm writes it, from its configuration, its patches and its phases.
    Kubeadm,
    /// The user: it is named, never written.
    User,
}

/// Whether a file is ours as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// The whole file.
    Whole,
    /// The lines between two markers in a file that others write too; the contents are without the markers.
    Block,
}

/// What makes a change of the file count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase", tag = "action", content = "unit")]
pub enum Activation {
    /// Nothing: it is read when it is needed.
    None,
    /// The systemd unit is reloaded.
    Reload(String),
    /// The systemd unit is restarted.
    Restart(String),
    /// Writing it is enough: the kubelet reads static pods by itself.
    OnWrite,
}

/// A program that must accept the file before it takes its place; `{file}` stands for the candidate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// The command, such as `haproxy -c -f {file}`.
    pub command: String,
}

/// A file of a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct File {
    /// Absolute path on the node.
    pub path: String,
    /// Permissions in octal, such as `0644`.
    pub mode: String,
    /// Owning user.
    pub user: String,
    /// Owning group.
    pub group: String,
    /// Its text, with a newline at its end.
    pub contents: String,
    /// Whether its text may be shown in a diff or a log.
    pub secret: bool,
    /// Who changes it.
    pub keeper: Keeper,
    /// Whether it is ours as a whole.
    pub part: Part,
    /// What makes a change count.
    pub activation: Activation,
    /// The program that must accept it.
    pub check: Option<Check>,
    /// Files without which its unit cannot start and no program can accept it, and which something else brings: kubeadm,
    /// or the delivery of certificates.
    pub needs: Vec<String>,
    /// The component of `manage` that decides whether it is written: `kernel`, `chrony`, …; empty for Kubernetes itself.
    pub component: String,
    /// What it is for, in a few words.
    pub purpose: String,
}

impl File {
    /// A file of root with mode 0644 that needs no activation.
    #[must_use]
    pub fn new(path: impl Into<String>, purpose: impl Into<String>, contents: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            mode: "0644".to_owned(),
            user: "root".to_owned(),
            group: "root".to_owned(),
            contents: contents.into(),
            secret: false,
            keeper: Keeper::Salt,
            part: Part::Whole,
            activation: Activation::None,
            check: None,
            needs: Vec::new(),
            component: String::new(),
            purpose: purpose.into(),
        }
    }

    /// Sets the permissions.
    #[must_use]
    pub fn mode(mut self, mode: &str) -> Self {
        mode.clone_into(&mut self.mode);
        self
    }

    /// Its text is never shown.
    #[must_use]
    pub fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    /// Sets what makes a change count.
    #[must_use]
    pub fn activation(mut self, activation: Activation) -> Self {
        self.activation = activation;
        self
    }

    /// Sets the program that must accept it.
    #[must_use]
    pub fn check(mut self, command: &str) -> Self {
        self.check = Some(Check { command: command.to_owned() });
        self
    }

    /// Names a file that something else must bring first.
    #[must_use]
    pub fn needs(mut self, path: &str) -> Self {
        self.needs.push(path.to_owned());
        self
    }

    /// Sets the component of `manage` that decides whether it is written.
    #[must_use]
    pub fn component(mut self, component: &str) -> Self {
        component.clone_into(&mut self.component);
        self
    }

    /// Only the lines between two markers are ours.
    #[must_use]
    pub fn block(mut self) -> Self {
        self.part = Part::Block;
        self
    }
}
