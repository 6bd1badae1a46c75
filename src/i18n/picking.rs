//! What the page says about the gateway and about what is picked from lists.

use crate::gateway::Mode;

/// Tone of a mode, its words, and what follows from it where there is room.
pub fn mode(mode: Mode) -> (&'static str, &'static str, &'static str) {
    match mode {
        Mode::Looking => ("", super::LOOKING, ""),
        Mode::Absent => ("", "No gateway", " · copy and download only"),
        Mode::Lost => ("warning", "Gateway not reachable", ""),
        Mode::Sandbox => ("info", "Sandbox", " · nothing real is created"),
        Mode::Live => ("warning", "Live", ""),
    }
}

/// Name of the choice of a region.
pub const REGION: &str = "Region";

/// What a region decides.
pub const REGION_HINT: &str = "Region: decides where lists come from; not part of the body";
