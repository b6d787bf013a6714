//! The codes of everything that can be wrong with a spec. Each has a text under `explain/`.

pub const SYNTAX: &str = "OPS001";
pub const EMPTY: &str = "OPS002";
pub const NOT_UTF8: &str = "OPS003";
pub const TOO_LARGE: &str = "OPS004";
pub const SEVERAL_DOCUMENTS: &str = "OPS005";
pub const ANCHOR: &str = "OPS006";
pub const TAG: &str = "OPS007";
pub const DUPLICATE_KEY: &str = "OPS008";
pub const UNKNOWN_KEY: &str = "OPS009";
pub const MISSING_KEY: &str = "OPS010";
pub const WRONG_KIND: &str = "OPS011";
pub const NOT_A_CHOICE: &str = "OPS012";
pub const BAD_VALUE: &str = "OPS013";
pub const BAD_NAME: &str = "OPS014";
pub const SECRET: &str = "OPS015";
pub const HASH: &str = "OPS016";
pub const YAML_BOOLEAN: &str = "OPS017";
pub const FORMAT_VERSION: &str = "OPS018";
pub const PROGRAM_VERSION: &str = "OPS019";
pub const UNKNOWN_MEASURE: &str = "OPS020";
pub const WRONG_UNIT: &str = "OPS021";
pub const EXTENDS: &str = "OPS022";
pub const CONTROL_CHARACTER: &str = "OPS023";

pub const UNKNOWN_TEAM: &str = "OPS101";
pub const UNKNOWN_SERVICE: &str = "OPS102";
pub const UNKNOWN_STORE: &str = "OPS103";
pub const UNKNOWN_ENVIRONMENT: &str = "OPS104";
pub const UNKNOWN_CHANNEL: &str = "OPS105";
pub const UNKNOWN_SEVERITY: &str = "OPS106";
pub const UNKNOWN_INCIDENT_SEVERITY: &str = "OPS107";
pub const UNKNOWN_VARIABLE: &str = "OPS108";
pub const CIRCLE: &str = "OPS109";
pub const NAME_CLASH: &str = "OPS110";
pub const PROMOTION_ORDER: &str = "OPS111";
pub const MISSING_ANSWER: &str = "OPS120";

/// A platform, CI system or engine that the catalog doesn't have.
pub const UNKNOWN_CHOICE: &str = "OPS150";

pub const NO_AUTOSCALING: &str = "OPS201";
pub const LOGS_TOO_SHORT: &str = "OPS202";
pub const WINDOW_TOO_LONG: &str = "OPS203";
pub const SHUTDOWN_TOO_SHORT: &str = "OPS204";
pub const PLATFORM_LIMIT: &str = "OPS205";
pub const RPO_BROKEN: &str = "OPS206";
pub const POOL_TOO_BIG: &str = "OPS207";
pub const SINGLE_INSTANCE: &str = "OPS208";
pub const FLAG_OVERDUE: &str = "OPS209";
pub const WAIVER_ENDED: &str = "OPS210";
pub const APPROVAL_NOT_ENFORCED: &str = "OPS211";
pub const NO_SUCH_STRATEGY: &str = "OPS212";
pub const NO_WEIGHTS: &str = "OPS213";
pub const BACKUP_READABLE: &str = "OPS214";
pub const NOT_ANONYMIZED: &str = "OPS215";
pub const LIVENESS_ASKS_TOO_MUCH: &str = "OPS216";
pub const NOBODY_HEARS: &str = "OPS217";
pub const SCHEDULER_TWICE: &str = "OPS218";
pub const SHUT_OUT: &str = "OPS219";
pub const BESIDE_THE_DATA: &str = "OPS220";
pub const RTO_BROKEN: &str = "OPS221";
pub const KEPT_TOO_SHORT: &str = "OPS222";
pub const NO_DRILL: &str = "OPS223";
pub const ONE_KEY: &str = "OPS224";
pub const SNAPSHOTS_ONLY: &str = "OPS225";
pub const BOUND_MOVED: &str = "OPS230";
pub const BURN_DROPPED: &str = "OPS231";
pub const LITTLE_TRAFFIC: &str = "OPS232";

/// Alert rules that nothing brings to where they run.
pub const UNINSTALLED: &str = "OPS365";

/// A name that exists outside the tree is gone, another one appeared, and nothing says whether they are the same.
pub const RENAME_UNSAID: &str = "OPS420";
/// `was` names something that is still there.
pub const STILL_THERE: &str = "OPS421";
