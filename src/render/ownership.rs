//! Words of a manifest → where an artifact lies and who owns it.

use crate::artifact::{At, Mode};
use crate::catalog::{Keeping, Place};

impl From<Place> for At {
    fn from(place: Place) -> Self {
        match place {
            Place::Here => Self::Here,
            Place::Top => Self::Top,
        }
    }
}

impl From<Keeping> for Mode {
    fn from(keeping: Keeping) -> Self {
        match keeping {
            Keeping::Managed => Self::Managed,
            Keeping::Locked => Self::Locked,
            Keeping::Seed => Self::Seed,
            Keeping::Keys => Self::Keys,
            Keeping::Block => Self::Block,
            Keeping::Yours => Self::Yours,
        }
    }
}
