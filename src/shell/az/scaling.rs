//! What `az aks` asks of a pool beside its size: the autoscaler, which is not simulated, and labels.
//! Source: Azure/azure-cli `acs/{agentpool_decorator,managed_cluster_decorator,_validators}.py`.

use super::{Line, no_effect};
use crate::shell::catalog::Flag;
use crate::shell::{Output, Shell};
use crate::sim::action::workload::check_label;
use crate::sim::action::{Action, Label};

pub(super) const ENABLE: Flag = Flag::on("--enable-cluster-autoscaler", "-e", "sh-flag-no-effect");
pub(super) const DISABLE: Flag = Flag::on("--disable-cluster-autoscaler", "-d", "sh-flag-no-effect");
pub(super) const UPDATE: Flag = Flag::on("--update-cluster-autoscaler", "-u", "sh-flag-no-effect");
pub(super) const MIN: Flag = no_effect("--min-count");
pub(super) const MAX: Flag = no_effect("--max-count");
const SWITCHES: [Flag; 3] = [ENABLE, UPDATE, DISABLE];

/// The bounds of the autoscaler are checked as by the real command, and do nothing.
pub(super) fn check(line: &Line) -> Result<(), Output> {
    let bounds = [bound(line, MIN.long)?, bound(line, MAX.long)?];
    if SWITCHES.iter().filter(|flag| line.has(flag.long)).count() > 1 {
        return wrong(
            "Can only specify one of --enable-cluster-autoscaler, --update-cluster-autoscaler and --disable-cluster-autoscaler",
        );
    }
    let scales = line.has(ENABLE.long) || line.has(UPDATE.long);
    match bounds {
        [None, None] if !scales => Ok(()),
        _ if !scales => wrong(
            "min-count and max-count are required for --enable-cluster-autoscaler or --update-cluster-autoscaler, please use the flag",
        ),
        [Some(min), Some(max)] if min <= max => Ok(()),
        [Some(_), Some(_)] => wrong("Value of min-count should be less than or equal to value of max-count"),
        _ => wrong("Please specify both min-count and max-count when --enable-cluster-autoscaler enabled"),
    }
}

fn bound(line: &Line, name: &str) -> Result<Option<u32>, Output> {
    const MOST: u32 = 1000;
    if !line.has(name) {
        return Ok(None);
    }
    let count = line.number(name, 0)?;
    if count > MOST {
        return Err(Output::fail(1, format!("ERROR: {name} must be in the range [0,{MOST}]")));
    }
    Ok(Some(count))
}

fn wrong(why: &str) -> Result<(), Output> {
    Err(Output::fail(1, format!("ERROR: {why}")))
}

/// The labels that an option has; `None` where it is not given.
fn labels(line: &Line, option: &str) -> Result<Option<Vec<Label>>, Output> {
    let read = |text: &String| match text.split('=').collect::<Vec<_>>().as_slice() {
        [key, value] => Ok(Label { key: (*key).to_owned(), value: (*value).to_owned() }),
        _ => Err(Output::fail(
            1,
            format!("ERROR: Invalid label: {text}. Label definition must be of format name=value."),
        )),
    };
    let words = line.values(option).iter().flat_map(|text| text.split_whitespace()).map(str::to_owned);
    let words: Vec<String> = words.collect();
    if line.has(option) { words.iter().map(read).collect::<Result<_, _>>().map(Some) } else { Ok(None) }
}

/// What gives pools the labels that an option has; nothing where it is not given. Labels that Kubernetes does not take
/// are refused here, before anything is made that is to have them.
pub(super) fn labelling(
    shell: &Shell,
    line: &Line,
    option: &str,
    cluster: &str,
    pools: &[String],
) -> Result<Vec<Action>, Output> {
    let Some(labels) = labels(line, option)? else { return Ok(Vec::new()) };
    for Label { key, value } in &labels {
        check_label(key, value).map_err(|error| shell.refused(&error))?;
    }
    let one = |pool: &String| Action::SetPoolLabels {
        cluster: cluster.to_owned(),
        pool: pool.clone(),
        labels: labels.clone(),
    };
    Ok(pools.iter().map(one).collect())
}

/// Does all actions, one after the other.
pub(super) fn all(shell: &mut Shell, actions: Vec<Action>) -> Result<(), Output> {
    actions.into_iter().try_for_each(|action| shell.azure(action))
}
