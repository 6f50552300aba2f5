//! A network with faults: this side, a router and the other side, each a network namespace of Linux of its own. Nothing
//! of it is seen from outside, so that addresses are the same in each, and the machine's own network is not touched.
//!
//! | side | addresses |
//! |---|---|
//! | here, where the program under test runs | [`HERE`], `fd77::2` |
//! | the router | [`ROUTER`], [`ROUTER_SIX`] towards here; `10.77.1.1`, `fd77:1::1` towards there |
//! | there, with an instance and a name server | [`THERE`], [`THERE_SIX`] |

use std::{
    fs::{self, File},
    io::Write,
    net::{Ipv4Addr, UdpSocket},
    panic::resume_unwind,
    process::{self, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread,
};

use nix::sched::{CloneFlags, setns};

use super::{Dnsmasq, Instance, left_out};

pub const HERE: Ipv4Addr = Ipv4Addr::new(10, 77, 0, 2);
pub const ROUTER: &str = "10.77.0.1";
pub const ROUTER_SIX: &str = "fd77::1";
pub const THERE: Ipv4Addr = Ipv4Addr::new(10, 77, 1, 2);
pub const THERE_SIX: &str = "fd77:1::2";

/// What the router does with packets from here to there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    None,
    /// Drops what this rule of nftables finds; everything where it is empty.
    Drop(&'static str),
    /// Sends back what this kind of ICMP says, by nftables' name for both families.
    Reject(&'static str),
    /// Resets connections, and says of everything else that nobody listens.
    Reset,
    /// Drops every second packet of each protocol, beginning with the first.
    Half,
}

impl Fault {
    fn rules(self) -> String {
        match self {
            Fault::None => String::new(),
            Fault::Drop(found) => format!("{found} drop"),
            Fault::Reject(what) => format!("reject with icmpx {what}"),
            Fault::Reset => {
                "meta l4proto tcp reject with tcp reset\nreject with icmpx port-unreachable"
                    .to_owned()
            }
            Fault::Half => ["icmp", "icmpv6", "tcp", "udp"]
                .map(|protocol| format!("meta l4proto {protocol} numgen inc mod 2 0 drop"))
                .join("\n"),
        }
    }
}

/// Of how many networks of this process there were.
static NUMBER: AtomicU32 = AtomicU32::new(0);

/// The three sides; they are gone when it is dropped.
pub struct Network {
    name: String,
    served: Option<(Instance, Dnsmasq)>,
}

impl Network {
    /// `None` where this user or this system may have no namespaces, or lacks a program, which is said.
    pub fn new() -> Option<Self> {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let mut network = Self {
            name: format!("waypost-{}-{number}", process::id()),
            served: None,
        };
        if let Err(why) = run("ip", &format!("netns add {}", network.side("here"))) {
            // Nobody can help that; a program that lacks can be installed.
            match why {
                Failed::NotInstalled => left_out("`ip` is not installed"),
                Failed::Refused(why) => eprintln!("left out, no network namespaces here: {why}"),
            }
            return None;
        }
        for (program, package) in [
            ("nft", "nftables"),
            ("tc", "iproute2"),
            ("dnsmasq", "dnsmasq-base"),
        ] {
            if let Err(Failed::NotInstalled) = run(program, "--version") {
                left_out(&format!("`{program}` of {package} is not installed"));
                return None;
            }
        }
        network.lay_out();
        network.served = Some(network.inside("there", || {
            let names = "host-record=name.example,192.0.2.7";
            let server = Dnsmasq::start_at((THERE, 53).into(), names);
            let server = server.expect("dnsmasq is installed").expect("it stays up");
            (Instance::plain_at(THERE), server)
        }));
        Some(network)
    }

    fn lay_out(&self) {
        let (here, router, there) = (self.side("here"), self.side("router"), self.side("there"));
        let done = [
            format!("netns add {router}"),
            format!("netns add {there}"),
            format!("-n {here} link add left type veth peer name left netns {router}"),
            format!("-n {there} link add right type veth peer name right netns {router}"),
            format!("-n {here} address add {HERE}/24 dev left"),
            format!("-n {here} address add fd77::2/64 dev left nodad"),
            format!("-n {router} address add {ROUTER}/24 dev left"),
            format!("-n {router} address add {ROUTER_SIX}/64 dev left nodad"),
            format!("-n {router} address add 10.77.1.1/24 dev right"),
            format!("-n {router} address add fd77:1::1/64 dev right nodad"),
            format!("-n {there} address add {THERE}/24 dev right"),
            format!("-n {there} address add {THERE_SIX}/64 dev right nodad"),
            format!("-n {here} link set lo up"),
            format!("-n {there} link set lo up"),
            format!("-n {here} link set left up"),
            format!("-n {router} link set left up"),
            format!("-n {router} link set right up"),
            format!("-n {there} link set right up"),
            format!("-n {here} route add default via {ROUTER}"),
            format!("-n {here} route add default via {ROUTER_SIX}"),
            format!("-n {there} route add default via 10.77.1.1"),
            format!("-n {there} route add default via fd77:1::1"),
        ];
        for arguments in done {
            run("ip", &arguments).unwrap_or_else(|why| panic!("ip {arguments}: {why:?}"));
        }
        self.inside("router", || {
            // It says why it sends nothing on each time, not once a second.
            for (setting, value) in [
                ("ipv4/ip_forward", "1"),
                ("ipv6/conf/all/forwarding", "1"),
                ("ipv4/icmp_ratelimit", "0"),
                ("ipv6/icmp/ratelimit", "0"),
            ] {
                set(setting, value);
            }
        });
    }

    /// As `http://…/`.
    pub fn url(&self) -> String {
        let (instance, _) = self
            .served
            .as_ref()
            .expect("it lives as long as the network");
        format!("http://{THERE}:{}/", instance.port())
    }

    pub fn port(&self) -> u16 {
        let (instance, _) = self
            .served
            .as_ref()
            .expect("it lives as long as the network");
        instance.port()
    }

    /// Puts this fault in the place of the last one.
    pub fn break_with(&self, fault: Fault) {
        let rules = fault.rules();
        let text = format!(
            "flush ruleset\ntable inet faults {{\nchain there {{\ntype filter hook forward priority 0;\n\
             iifname != \"left\" accept\n{rules}\n}}\n}}\n"
        );
        self.inside("router", || {
            let nft = Command::new("nft")
                .args(["-f", "-"])
                .stdin(Stdio::piped())
                .spawn();
            let mut nft = nft.expect("nft is installed");
            let mut input = nft.stdin.take().expect("it has an input");
            input.write_all(text.as_bytes()).expect("it reads");
            drop(input);
            assert!(nft.wait().expect("it ends").success(), "{text}");
        });
    }

    /// Makes the way there so slow that what is sent now arrives in more than five seconds.
    pub fn slow_down(&self) {
        let slow = "qdisc replace dev right root tbf rate 4kbit burst 1600 latency 60s";
        self.inside("router", || run("tc", slow))
            .unwrap_or_else(|why| panic!("{why:?}"));
        // Nobody reads these; they stand in the way at 500 bytes a second.
        self.inside("here", || {
            let socket = UdpSocket::bind((HERE, 0)).expect("it has a free port");
            for _ in 0..3 {
                socket
                    .send_to(&[0; 1400], (THERE, 9))
                    .expect("there is a way");
            }
        });
    }

    /// Takes away the way from here to everywhere.
    pub fn forget_the_way(&self) {
        for family in ["-4", "-6"] {
            let arguments = format!("-n {} {family} route del default", self.side("here"));
            run("ip", &arguments).unwrap_or_else(|why| panic!("{why:?}"));
        }
    }

    /// Which groups may have sockets of ICMP here: `1 0` is none.
    pub fn let_ping(&self, groups: &str) {
        self.inside("here", || set("ipv4/ping_group_range", groups));
    }

    /// Does something on one side. What it starts there stays there.
    pub fn inside<T: Send>(&self, side: &str, work: impl FnOnce() -> T + Send) -> T {
        let path = format!("/run/netns/{}", self.side(side));
        let done = thread::scope(|scope| {
            // A thread alone changes sides, and ends with it.
            let thread = scope.spawn(|| {
                let namespace = File::open(&path).expect("the side is there");
                setns(namespace, CloneFlags::CLONE_NEWNET).expect("root may go there");
                work()
            });
            thread.join()
        });
        done.unwrap_or_else(|panic| resume_unwind(panic))
    }

    fn side(&self, side: &str) -> String {
        format!("{}-{side}", self.name)
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        // An instance ends by a connection to itself, which only its own side has.
        if let Some(served) = self.served.take() {
            self.inside("there", || drop(served));
        }
        for side in ["here", "router", "there"] {
            let _ = run("ip", &format!("netns del {}", self.side(side)));
        }
    }
}

#[derive(Debug)]
enum Failed {
    NotInstalled,
    Refused(String),
}

fn run(program: &str, arguments: &str) -> Result<(), Failed> {
    let output = Command::new(program)
        .args(arguments.split(' '))
        .stdin(Stdio::null())
        .output()
        .map_err(|_| Failed::NotInstalled)?;
    if output.status.success() {
        Ok(())
    } else {
        Err(Failed::Refused(
            String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        ))
    }
}

fn set(setting: &str, value: &str) {
    let path = format!("/proc/sys/net/{setting}");
    fs::write(&path, value).unwrap_or_else(|error| panic!("{path}: {error}"));
}
