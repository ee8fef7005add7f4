mod about;
mod cut_sets;
mod loss;
mod mef;

use crate::arguments::{Faults, FaultsFormat};
use crate::one_cluster::{Accepted, Source, resolved};
use crate::report::{elements, facts, print_json};
use crate::{CLEAN, Error, FINDINGS};
use faults::Model;
use std::io::Write;

/// Says what is lost when something is down; lists cut sets; writes and reads fault trees.
pub(crate) fn faults(arguments: &Faults, out: &mut dyn Write, err: &mut dyn Write) -> Result<u8, Error> {
    if let Some(file) = &arguments.mef {
        return mef::read(file, arguments, out);
    }
    let Some(path) = &arguments.path else { return Err(Error::Usage("give a pillar, or --mef FILE".to_owned())) };
    let facts = facts()?;
    let source = Source { path, reading: &arguments.reading, cluster: arguments.cluster.as_deref() };
    let Some(Accepted { topology, .. }) = resolved(source, &facts, err)? else {
        return Ok(FINDINGS);
    };
    let mut model = Model::of(&topology);
    if let Some(about) = arguments.about {
        about::print(&topology, &mut model, about, arguments, out)?;
        return Ok(CLEAN);
    }
    let down = elements(&model, &arguments.down)?;
    if arguments.format == FaultsFormat::OpsaMef {
        mef::write(&mut model, &down, arguments, out)?;
    } else if let Some(order) = arguments.cut_sets {
        cut_sets::print(&mut model, &down, order, arguments, out)?;
    } else {
        let loss = ::faults::loss(&mut model, &down);
        let answer = model.loss_answer(&loss);
        if arguments.format == FaultsFormat::Json { print_json(&answer, out)? } else { loss::sentences(&answer, out)? }
    }
    Ok(CLEAN)
}
