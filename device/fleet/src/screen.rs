//! What the demo prints: lines, and a table that stays below them on a terminal.

use std::{
	io::{IsTerminal, Write},
	sync::Mutex,
	time::{Duration, Instant},
};

/// Without a terminal, the table is appended anew after this long.
const SNAPSHOT: Duration = Duration::from_secs(30);

/// Standard output.
pub struct Screen {
	terminal: bool,
	state: Mutex<State>,
}

#[derive(Default)]
struct State {
	/// The table, as it was last drawn.
	table: Vec<String>,
	/// When it was last appended.
	appended: Option<Instant>,
}

impl Screen {
	/// Standard output, by its kind.
	pub fn new() -> Self {
		Self { terminal: std::io::stdout().is_terminal(), state: Default::default() }
	}

	/// Begins a part of the demo.
	pub fn title(&self, title: &str) {
		self.say(format!("\n== {title}"));
	}

	/// Prints a line, or several.
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

	/// Shows the table in place of the one before.
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

	/// Prints the table a last time, and leaves it where it is.
	pub fn close(&self, lines: Vec<String>) {
		self.lock().appended = None;
		self.table(lines);
		self.lock().table.clear();
	}

	fn lock(&self) -> std::sync::MutexGuard<'_, State> {
		self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
	}
}

/// Moves the cursor up by that many lines, and clears all below.
fn up(lines: usize) -> String {
	if lines == 0 {
		return String::new();
	}
	format!("\x1b[{lines}A\x1b[J")
}

/// Lines that a narrow terminal cuts: wrapped, they would be more lines than [`up`] goes back.
fn unwrapped(lines: &[String]) -> String {
	if lines.is_empty() {
		return String::new();
	}
	let lines: String = lines.iter().map(|line| format!("{line}\n")).collect();
	format!("\x1b[?7l{lines}\x1b[?7h")
}

fn print(text: &str) {
	let mut out = std::io::stdout().lock();
	// Whoever closed the pipe does not want to read on.
	if out.write_all(text.as_bytes()).and_then(|()| out.flush()).is_err() {
		std::process::exit(141);
	}
}
