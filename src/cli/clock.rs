//! Progress and times: a bar on a terminal, and the time of each stage.

use super::interrupt;
use indicatif::{ProgressBar, ProgressStyle};
use namesake::experiment::Progress;
use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Shows how far a run has come, on a terminal, and keeps the time of each stage.
pub struct Clock {
    bar: Option<ProgressBar>,
    stages: Mutex<Vec<(&'static str, Instant, Duration)>>,
}

impl Clock {
    /// A clock, whose bar is shown on a terminal unless it shall be quiet.
    pub fn new(quiet: bool) -> Clock {
        let shown = !quiet && std::io::stderr().is_terminal();
        let bar = shown.then(|| {
            let style = ProgressStyle::with_template("{msg:>10} [{bar:40}] {percent:>3} %  {eta} left");
            let bar = ProgressBar::new(0);
            style.map(|style| bar.set_style(style.progress_chars("=> "))).ok();
            interrupt::unless_interrupted(|now| now.bar = Some(bar.clone()));
            bar
        });
        Clock { bar, stages: Mutex::new(Vec::new()) }
    }

    /// Takes note of how far it has come.
    pub fn saw(&self, progress: Progress) {
        let now = Instant::now();
        if let Ok(mut stages) = self.stages.lock() {
            if progress.done == 0 {
                stages.push((progress.stage, now, Duration::ZERO));
            }
            if let Some((_, start, elapsed)) = stages.iter_mut().rev().find(|(stage, ..)| *stage == progress.stage) {
                *elapsed = now.duration_since(*start);
            }
        }
        if let Some(bar) = &self.bar {
            if progress.done == 0 {
                bar.set_message(progress.stage);
                bar.set_length(progress.total);
                bar.set_position(0);
            }
            bar.inc(progress.done);
        }
    }

    /// Clears the bar and gives the times as JSON.
    pub fn timings(&self, started: Instant) -> String {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
            interrupt::unless_interrupted(|now| now.bar = None);
        }
        let stages = self.stages.lock().map(|stages| stages.clone()).unwrap_or_default();
        let stages: Vec<_> = stages
            .iter()
            .map(|(stage, _, elapsed)| serde_json::json!({ "stage": stage, "seconds": elapsed.as_secs_f64() }))
            .collect();
        let total = started.elapsed().as_secs_f64();
        let threads = rayon::current_num_threads();
        format!("{:#}\n", serde_json::json!({ "seconds": total, "threads": threads, "stages": stages }))
    }
}
