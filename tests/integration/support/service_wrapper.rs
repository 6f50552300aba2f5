//! The real Java Service Wrapper, where Debian's `service-wrapper` and a JDK are installed, laid out as under a MID Server.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// Where Debian puts it.
const WRAPPER: &str = "/usr/sbin/wrapper";
const JAR: &str = "/usr/share/java/wrapper.jar";
/// Starting Java twice on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);

/// A wrapper that drives a small Java program, in an `agent` folder of its own. Dropping it ends both.
pub struct ServiceWrapper {
    folder: tempfile::TempDir,
    wrapper: Child,
}

/// What differs from a healthy start.
#[derive(Clone, Copy)]
pub struct Setup<'a> {
    /// The program of Java.
    pub java: &'a str,
    /// `wrapper.java.maxmemory`, in MB.
    pub heap: &'a str,
    /// What the program is told.
    pub argument: &'a str,
}

impl Default for Setup<'_> {
    fn default() -> Self {
        Self {
            java: "java",
            heap: "64",
            argument: "",
        }
    }
}

impl ServiceWrapper {
    /// Starts it. `None` where the wrapper or a Java compiler is not installed.
    pub fn start(setup: Setup<'_>) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let agent = folder.path().join("agent");
        for part in ["bin", "conf", "logs", "work"] {
            fs::create_dir_all(agent.join(part)).expect("there is room");
        }
        let source = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/integration/service_wrapper/Work.java");
        let compiled = Command::new("javac")
            .args([
                "-d".as_ref(),
                agent.join("bin").as_os_str(),
                source.as_os_str(),
            ])
            .status();
        if !compiled.ok()?.success() || !Path::new(JAR).is_file() {
            return None;
        }
        let program = agent.join("bin/wrapper-linux-x86-64");
        fs::copy(WRAPPER, &program).ok()?;
        fs::write(agent.join("conf/wrapper.conf"), conf(&agent, setup)).expect("there is room");
        // As `mid.sh` starts it, but in the foreground, so that it ends with the test.
        let agent = agent.display();
        let wrapper = Command::new(&program)
            .arg(format!("{agent}/conf/wrapper.conf"))
            .arg("wrapper.syslog.ident=mid")
            .arg(format!("wrapper.pidfile={agent}/work/mid.pid"))
            .arg("wrapper.daemonize=FALSE")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        Some(Self { folder, wrapper })
    }

    pub fn agent(&self) -> PathBuf {
        self.folder.path().join("agent")
    }

    pub fn pid(&self) -> u32 {
        self.wrapper.id()
    }

    /// Waits until the wrapper's log has this text, so many times.
    pub fn wait_for(&self, text: &str, times: usize) {
        let path = self.agent().join("logs/wrapper.log");
        let until = Instant::now() + PATIENCE;
        loop {
            let log = fs::read_to_string(&path).unwrap_or_default();
            if log.matches(text).count() >= times {
                return;
            }
            assert!(Instant::now() < until, "no `{text}` in:\n{log}");
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// The Java process, by its parent.
    pub fn java(&self) -> u32 {
        let pid = self.pid();
        let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"));
        let children = children.expect("the wrapper runs");
        let first = children.split_whitespace().next().map(str::parse);
        first.and_then(Result::ok).expect("the wrapper has a child")
    }
}

impl Drop for ServiceWrapper {
    fn drop(&mut self) {
        // The wrapper ends its Java when it is asked to end, and leaves it behind when it is killed.
        let _ = Command::new("kill").arg(self.pid().to_string()).status();
        let until = Instant::now() + Duration::from_secs(20);
        while matches!(self.wrapper.try_wait(), Ok(None)) && Instant::now() < until {
            thread::sleep(Duration::from_millis(20));
        }
        let _ = self.wrapper.kill();
        let _ = self.wrapper.wait();
    }
}

/// Settings in the manner of a MID Server's: its filter for an exhausted heap, and few attempts.
fn conf(agent: &Path, setup: Setup<'_>) -> String {
    let bin = agent.join("bin");
    let Setup {
        java,
        heap,
        argument,
    } = setup;
    format!(
        "wrapper.working.dir={bin}
wrapper.java.command={java}
wrapper.java.mainclass=org.tanukisoftware.wrapper.WrapperSimpleApp
wrapper.java.classpath.1={JAR}
wrapper.java.classpath.2=.
wrapper.java.library.path.1=/usr/lib/jni
wrapper.java.maxmemory={heap}
wrapper.app.parameter.1=Work
wrapper.app.parameter.2={argument}
wrapper.logfile=../logs/wrapper.log
wrapper.logfile.format=TM
wrapper.logfile.loglevel=INFO
wrapper.console.loglevel=NONE
wrapper.filter.trigger.1=java.lang.OutOfMemoryError
wrapper.filter.action.1=RESTART
wrapper.filter.message.1=The JVM has run out of memory.
wrapper.max_failed_invocations=2
wrapper.restart.delay=1
wrapper.name=snc_mid
wrapper.displayname=ServiceNow MID Server
",
        bin = bin.display()
    )
}
