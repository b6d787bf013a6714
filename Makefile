# make test    everything: tools, Rust tests, every tool over the snapshots
# make check   formatting and lints
# make bless   rewrite the snapshots from the blueprints; read the diff before you commit it
# make bench   how long it takes, beside cp, diff, git, copier and cookiecutter
# make bench-backup   how long an emitted backup and restore take, beside pg_dump and pg_restore

.PHONY: test check bless tools ecosystem bench bench-backup
.DEFAULT_GOAL := test

TOOLS := $(CURDIR)/target/tools
export PATH := $(TOOLS)/bin:$(PATH)

test: tools
	cargo test --locked
	$(MAKE) ecosystem

tools:
	tests/tools/install $(TOOLS)

# Nothing may be missing here: an absent tool is a failure.
ecosystem: tools
	tests/tools/ecosystem

check:
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings

bless:
	SNAPSHOTS=overwrite cargo test --locked --test snapshots

bench:
	cargo build --release --locked
	bench/run

bench-backup:
	bench/backup
