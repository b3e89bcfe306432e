//! Output of the demo: lines, and on a terminal a table that stays below them.

use std::{
	io::{IsTerminal, Write},
	sync::Mutex,
	time::{Duration, Instant},
};

/// Interval at which the table is appended where the output is no terminal.
const SNAPSHOT: Duration = Duration::from_secs(30);

/// Standard output.
pub struct Screen {
	terminal: bool,
	state: Mutex<State>,
}

#[derive(Default)]
struct State {
	/// Table, as it was last drawn.
	table: Vec<String>,
	/// Time at which the table was last appended.
	appended: Option<Instant>,
}

impl Screen {
	/// Returns the standard output, as a terminal or as a plain stream.
	pub fn new() -> Self {
		Self { terminal: std::io::stdout().is_terminal(), state: Default::default() }
	}

	/// Begins a part of the demo.
	pub fn title(&self, title: &str) {
		self.say(format!("\n== {title}"));
	}

	/// Prints one or more lines.
	pub fn say(&self, text: impl AsRef<str>) {
		let state = self.lock();
		let mut out = String::new();
		if self.terminal {
			out += &up(state.table.len());
		}
		out += text.as_ref();
		out.push('\n');
		if self.terminal {
			out += &unwrapped(&state.table);
		}
		print(&out);
	}

	/// Shows the table in place of the last one.
	pub fn table(&self, lines: Vec<String>) {
		let mut state = self.lock();
		let out = if self.terminal {
			up(state.table.len()) + &unwrapped(&lines)
		} else {
			if state.appended.is_some_and(|at| at.elapsed() < SNAPSHOT) {
				return;
			}
			state.appended = Some(Instant::now());
			lines.join("\n") + "\n"
		};
		print(&out);
		state.table = lines;
	}

	/// Prints the table a last time, and lets later lines follow below it.
	pub fn close(&self, lines: Vec<String>) {
		self.lock().appended = None;
		self.table(lines);
		self.lock().table.clear();
	}

	fn lock(&self) -> std::sync::MutexGuard<'_, State> {
		self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
	}
}

/// Returns the codes that move the cursor up by this number of lines and clear everything below.
fn up(lines: usize) -> String {
	if lines == 0 {
		return String::new();
	}
	format!("\x1b[{lines}A\x1b[J")
}

/// Returns the lines with the codes that make a narrow terminal cut them: wrapped lines would take
/// more rows than [`up`] moves back.
fn unwrapped(lines: &[String]) -> String {
	if lines.is_empty() {
		return String::new();
	}
	let lines: String = lines.iter().map(|line| format!("{line}\n")).collect();
	format!("\x1b[?7l{lines}\x1b[?7h")
}

fn print(text: &str) {
	let mut out = std::io::stdout().lock();
	// A closed pipe has no reader: end with the status of a program that SIGPIPE ends.
	if out.write_all(text.as_bytes()).and_then(|()| out.flush()).is_err() {
		std::process::exit(141);
	}
}
