//! Settings of the machine on the command line, e.g. `--cores 2`. They override the script's.

use clap::{Args, ValueEnum};

use super::args::whole_number;
use model::limits::{CORES_MAX, POOL_MAX, SERVERS_MAX};
use model::workload::{Gil, Machine};

#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Settings that replace those of the script")]
pub(crate) struct MachineArgs {
    /// Seed of random durations and arrivals
    #[arg(long, value_name = "N", value_parser = whole_number::<u64>(0..=u64::MAX))]
    seed: Option<u64>,
    /// Cores of the machine
    #[arg(long, value_name = "N", value_parser = whole_number::<u32>(1..=u64::from(CORES_MAX)))]
    cores: Option<u32>,
    /// Whether only one thread computes at a time
    #[arg(long, value_enum, value_name = "ON|OFF")]
    gil: Option<GilChoice>,
    /// Worker threads for `def` handlers and `thread`
    #[arg(long, value_name = "N", value_parser = whole_number::<u32>(1..=u64::from(POOL_MAX)))]
    pool: Option<u32>,
    /// Workers of the process pool
    #[arg(long, value_name = "N", value_parser = whole_number::<u32>(1..=u64::from(POOL_MAX)))]
    processes: Option<u32>,
    /// Server processes
    #[arg(long, value_name = "N", value_parser = whole_number::<u32>(1..=u64::from(SERVERS_MAX)))]
    servers: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum GilChoice {
    On,
    Off,
}

impl MachineArgs {
    /// The first of these options that was given, e.g. `--cores`.
    pub(crate) fn first_given(&self) -> Option<&'static str> {
        [
            (self.seed.is_some(), "--seed"),
            (self.cores.is_some(), "--cores"),
            (self.gil.is_some(), "--gil"),
            (self.pool.is_some(), "--pool"),
            (self.processes.is_some(), "--processes"),
            (self.servers.is_some(), "--servers"),
        ]
        .into_iter()
        .find_map(|(given, name)| given.then_some(name))
    }

    pub(crate) fn apply(&self, machine: &mut Machine) {
        let replace = |setting: &mut u32, given: Option<u32>| *setting = given.unwrap_or(*setting);
        machine.seed = self.seed.unwrap_or(machine.seed);
        replace(&mut machine.cores, self.cores);
        replace(&mut machine.pool, self.pool);
        replace(&mut machine.servers, self.servers);
        machine.processes = self.processes.or(machine.processes);
        machine.gil = match self.gil {
            None => machine.gil,
            Some(GilChoice::On) => Gil::On,
            Some(GilChoice::Off) => Gil::Off,
        };
    }
}
