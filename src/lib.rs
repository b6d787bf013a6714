//! opsgen turns one answered spec into the operations scaffolding of a service.
//!
//! One direction, each arrow a plain function from value to value:
//!
//! ```text
//! text ─parse→ Spec ─resolve→ Model ─render→ Artifacts ─plan→ Plan ─┬ report
//!                       ↑ Catalog      ↑ Catalog        ↑ Existing  └ workspace.apply
//! ```
//!
//! | module | holds | may import |
//! |---|---|---|
//! | `diagnostic` | code, message, span, help: everything we tell the user | — |
//! | `artifact` | path, bytes, executable, format, mode, pins, item, tags, verify | — |
//! | `format` | parse and canonical form of every format; dialects' escaping | diagnostic |
//! | `template` | the engine: dialect instances, filters, `when`, load-time checks | diagnostic, format |
//! | `spec` | what the user wrote: tree with spans, decoding, units, JSON Schema | diagnostic |
//! | `catalog` | blueprints, alerts, platforms from `(path, bytes)` pairs | diagnostic, artifact, format, template |
//! | `model` | what is meant: defaults, names, schedules, topology, alerts, shared paths | diagnostic, spec, catalog, template |
//! | `review` | design rules over the Model, one file a rule family | diagnostic, model |
//! | `render` | Model + Catalog → artifacts; format checks | diagnostic, artifact, format, template, catalog, model |
//! | `plan` | artifacts + existing → plan: decision table, hunks | diagnostic, artifact, format |
//! | `risk` | what a plan endangers, per artifact kind | plan, format, artifact |
//! | `trace` | cause of a hunk: re-decodes with one answer of the tree changed; what a renamed name means | diagnostic, artifact, spec, catalog, template, model, render, plan |
//! | `report` | Plan, risk, diagnostics → text, JSON, Markdown | diagnostic, artifact, plan, risk |
//! | `workspace` | the only code that writes: read → Existing, apply ← Plan | diagnostic, artifact, plan |
//! | `verify` | runs the ecosystem's own tools over written artifacts | diagnostic, artifact |
//! | `author` | blueprint list and show | catalog, model, template, render, plan, diagnostic, artifact |
//! | `cli` | one file a command: wires the arrows, decides the exit code | all |

#![deny(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

pub mod artifact;
pub mod author;
pub mod catalog;
pub mod cli;
pub mod diagnostic;
pub mod format;
pub mod model;
pub mod plan;
pub mod render;
pub mod report;
pub mod review;
pub mod risk;
pub mod spec;
pub mod template;
pub mod trace;
pub mod verify;
pub mod workspace;
