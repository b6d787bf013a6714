//! One file a section of the spec. What stands here is what the file may say.

pub mod alerting;
pub mod backups;
pub mod configuration;
pub mod datastores;
pub mod delivery;
pub mod environments;
pub mod hosting;
pub mod identity;
pub mod incidents;
pub mod observability;
pub mod policy;
pub mod recovery;
pub mod resilience;
pub mod security;
pub mod services;
pub mod values;

pub use alerting::*;
pub use backups::*;
pub use configuration::*;
pub use datastores::*;
pub use delivery::*;
pub use environments::*;
pub use hosting::*;
pub use identity::*;
pub use incidents::*;
pub use observability::*;
pub use policy::*;
pub use recovery::*;
pub use resilience::*;
pub use security::*;
pub use services::*;
pub use values::*;
