//! What users of other generators suffer, and the test that proves it doesn't happen here. Each test named is looked up in its file.

use std::fs;
use std::path::Path;

/// Number, pain, the tests that prove its absence (file, name), and what is meant where that isn't plain.
type Row = (u8, &'static str, &'static [(&'static str, &'static str)], &'static str);

const PAINS: &[Row] = &[
    (
        1,
        "bots edit generated workflows and the check is red for ever",
        &[("regeneration/bots.rs", "a_newer_pin_survives_the_next_change_of_the_spec")],
        "",
    ),
    (
        2,
        "conflicts are reported as success",
        &[
            ("apply/edits.rs", "an_edit_and_a_change_of_the_same_line_are_a_conflict_and_nothing_is_written"),
            ("apply/edits.rs", "conflict_marks_fail_the_check_until_they_are_gone"),
        ],
        "",
    ),
    (
        3,
        "the preview shows one thing and apply does another",
        &[("report.rs", "a_patch_does_what_apply_would_do")],
        "preview, check and write take the same plan",
    ),
    (
        4,
        "state says up to date though the write failed",
        &[("killed/main.rs", "wholly_old_or_wholly_new"), ("workspace/faults.rs", "a_full_disk_changes_nothing")],
        "files and their records are one transaction",
    ),
    (
        5,
        "holes of stale plans",
        &[
            ("saved_plan.rs", "a_plan_of_another_tree_is_stale_and_says_what_moved"),
            ("saved_plan.rs", "what_was_shown_is_written_and_only_once"),
        ],
        "",
    ),
    (
        6,
        "a dry run has side effects",
        &[("read_only.rs", "nothing_was_ever_written"), ("read_only.rs", "the_spec_changed_and_somebody_edited")],
        "there is no dry run: `diff` is the plan",
    ),
    (
        7,
        "regeneration destroys edits by hand",
        &[
            ("regeneration/lines.rs", "every_line_a_person_wrote_is_kept_or_listed"),
            ("regeneration/hand.rs", "a_platform_file_made_by_hand_keeps_everything_through_a_change_of_its_tables"),
        ],
        "",
    ),
    (
        8,
        "ignored files rot",
        &[
            ("apply/owners.rs", "a_file_of_yours_still_shows_what_would_change"),
            ("apply/owners.rs", "what_was_yours_and_is_managed_again_is_merged_from_the_true_ancestor"),
        ],
        "",
    ),
    (
        9,
        "the generated manifest conflicts in every pull request",
        &[("regeneration/branches.rs", "branches_that_regenerate_different_things_merge_cleanly")],
        "",
    ),
    (
        10,
        "reject files, conflicts that disappear",
        &[("apply/edits.rs", "conflict_marks_fail_the_check_until_they_are_gone")],
        "no file of rejects exists; marks are written only when asked for",
    ),
    (
        11,
        "the old template can't be rebuilt, so updates break",
        &[("apply/owners.rs", "a_newer_blueprint_needs_no_older_one")],
        "what was last written is stored, never rendered again",
    ),
    (
        12,
        "braces of workflows and alerts clash with the template's",
        &[("dialects/main.rs", "shells_read_back_every_value"), ("bad_input.rs", "hostile_values_are_text")],
        "",
    ),
    (
        13,
        "template errors without file and line",
        &[
            ("catalog.rs", "malformed_files_are_told_at_the_template_line"),
            ("catalog.rs", "undefined_names_are_refused_where_they_stand"),
        ],
        "",
    ),
    (14, "an existing repository can't adopt it", &[("apply/edits.rs", "a_file_that_was_there_is_adopted")], ""),
    (15, "two templates write one file", &[("catalog.rs", "a_path_has_one_owner")], ""),
    (
        16,
        "the default answer overwrites",
        &[
            ("apply/talk.rs", "without_a_terminal_consent_must_be_given"),
            ("interactive.rs", "always_mine_is_written_into_the_spec"),
        ],
        "",
    ),
    (17, "a decision can't be remembered", &[("interactive.rs", "always_mine_is_written_into_the_spec")], ""),
    (
        18,
        "the plan can't be read in a review",
        &[("report.rs", "a_workflow_gets_annotations_and_a_page_of_its_own")],
        "",
    ),
    (19, "dashboards change for no reason", &[("catalog.rs", "rendering_twice_gives_the_same_bytes")], ""),
    (
        20,
        "ownership by a mark in the file deletes files of users",
        &[
            ("apply/owners.rs", "a_head_line_of_ours_makes_no_file_ours"),
            ("apply/edits.rs", "a_deleted_file_stays_deleted_until_it_is_wanted"),
        ],
        "",
    ),
    (21, "files are read-only", &[("apply/owners.rs", "files_are_never_made_read_only")], ""),
    (22, "pipelines change the repository themselves", &[("apply/owners.rs", "pipelines_only_look")], ""),
    (23, "formatters fight the generator", &[("apply/owners.rs", "what_a_formatter_did_is_your_edit")], ""),
    (
        24,
        "trust is all or nothing",
        &[("apply/owners.rs", "a_blueprint_runs_nothing")],
        "nothing is run, so there is nothing to trust but text",
    ),
    (25, "links between files rot", &[("alerts.rs", "every_alert_has_a_runbook_a_receiver_both_tests_and_a_line")], ""),
];

#[test]
fn every_pain_has_a_test_that_exists() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    for (at, (number, pain, proofs, _)) in PAINS.iter().enumerate() {
        assert_eq!(usize::from(*number), at + 1, "{pain}");
        assert!(!proofs.is_empty(), "{pain}");
        for (file, name) in *proofs {
            let text = fs::read_to_string(folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
            let test = text.split("#[test]").skip(1).any(|test| test.trim_start().starts_with(&format!("fn {name}(")));
            assert!(test, "{number}, {pain}: {file} has no test `{name}`");
        }
    }
    assert_eq!(PAINS.len(), 25);
}
