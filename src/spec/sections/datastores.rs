//! What keeps data: databases, caches, queues, files.

use crate::spec::macros::{choice, section};
use crate::spec::map::Map;
use crate::spec::scalar::Text;
use crate::spec::units::{Cidr, Conditions, Duration, HostName, PathText, Retention, Size};

choice! {
    /// What still stands when a machine or zone is lost.
    pub enum HighAvailability {
        /// Nothing does.
        None = "none" | "false",
        /// A standby in the same zone.
        Standby = "standby" | "true",
        /// A standby in another zone.
        MultiAz = "multi-az",
        /// A standby in another region.
        MultiRegion = "multi-region",
    }
}

choice! {
    /// How a store grows.
    pub enum Growth {
        /// By hand, when an alert says so.
        Manual = "manual",
        /// A bigger instance.
        Vertical = "vertical",
        /// More nodes, replicas or shards.
        Horizontal = "horizontal",
        /// The provider's business.
        Managed = "managed",
    }
}

section! {
    /// A store.
    pub struct Datastore {
        /// `postgres`, `mysql`, `redis`, `rabbitmq`, `s3`, …; a replica has its primary's.
        engine: Option<Text>,
        /// Version of the engine.
        version: Option<Text>,
        /// Who runs it: the platform, a provider, `self`.
        provider: Option<Text>,
        /// How big it is.
        size: StoreSize = "{}",
        /// Connections that it takes.
        connections: Option<Connections>,
        /// The pool in front of it.
        pool: Option<Pool>,
        /// How it grows.
        scaling: StoreScaling = "manual",
        /// Where it answers.
        endpoint: Option<Endpoint>,
        /// Where a volume's files are mounted; `/data/NAME` when left out.
        path: Option<PathText>,
        /// The store that this one copies.
        replica_of: Option<Text>,
        /// How many replicas.
        count: Option<u32>,
        /// How far a replica may be behind.
        lag: Option<Duration>,
        /// Queues of a broker.
        queues: Map<Queue>,
        /// Whether old versions of files stay.
        versioning: bool = "false",
        /// When files go.
        lifecycle: Option<Lifecycle>,
        /// The name it had before.
        was: Option<Text>,
    }
}

section! {
    /// How big a store is.
    pub struct StoreSize short storage {
        /// Disk.
        storage: Option<Size>,
        /// Memory.
        memory: Option<Size>,
        /// Instance class of the provider.
        class: Option<Text>,
        /// Nodes of a cluster.
        nodes: Option<u32>,
        /// Name of a bucket.
        bucket: Option<Text>,
        /// The bucket it had before.
        was: Option<Text>,
        /// What still stands when a machine or zone is lost.
        high_availability: HighAvailability = "none",
        /// Read replicas inside the cluster.
        replicas: u32 = "0",
        /// Parts that the data is split over.
        shards: u32 = "1",
        /// Whether it is encrypted at rest.
        encrypted: bool = "true",
    }
}

section! {
    /// Connections that a store takes.
    pub struct Connections short max {
        /// All of them.
        max: u32,
        /// Kept for administrators.
        reserved: u32 = "0",
    }
}

section! {
    /// A pool of connections, in each instance.
    pub struct Pool {
        /// What keeps the pool: the ORM, a library, a pooler.
        tool: Option<Text>,
        /// How a pooler lends: `session` or `transaction`.
        mode: Option<Text>,
        /// Kept open.
        min: u32 = "0",
        /// At most.
        max: u32,
        /// Longest wait for a connection.
        acquire: Duration = "5s",
        /// When an idle one is closed.
        idle: Duration = "10m",
        /// When any one is closed.
        lifetime: Duration = "30m",
        /// Whether its use is measured.
        measured: bool = "true",
    }
}

section! {
    /// How a store grows.
    pub struct StoreScaling short by {
        /// In which way.
        by: Growth = "manual",
        /// What says that it is time.
        when: Conditions,
    }
}

section! {
    /// Where a store answers.
    pub struct Endpoint short host {
        /// Host name.
        host: HostName,
        /// Port; the engine's own when left out.
        port: Option<u16>,
        /// Whether it speaks TLS.
        tls: bool = "true",
        /// Network it stands in, for egress rules.
        cidr: Option<Cidr>,
    }
}

section! {
    /// A queue.
    pub struct Queue {
        /// Where messages go that can't be handled.
        dead_letter: Option<Text>,
        /// How many may wait.
        depth: Option<u32>,
    }
}

section! {
    /// When files go.
    pub struct Lifecycle {
        /// Replaced or deleted versions.
        previous_versions: Option<Retention>,
        /// Uploads that never ended.
        incomplete_uploads: Option<Retention>,
        /// All files.
        expire: Option<Retention>,
    }
}

section! {
    /// Something that we call and don't run.
    pub struct Dependency {
        /// What it is for.
        purpose: Option<Text>,
        /// Host that we call.
        host: Option<HostName>,
        /// Port that we call.
        port: u16 = "443",
        /// Whether the service is down without it.
        critical: bool = "true",
        /// Where its outages are told.
        status_page: Option<crate::spec::units::Url>,
        /// Who helps.
        support: Option<Text>,
        /// The name it had before.
        was: Option<Text>,
    }
}
