//! Where it runs: platform, regions, network, infrastructure, what the cluster already has.

use crate::spec::macros::section;
use crate::spec::map::Labels;
use crate::spec::scalar::{Maybe, Text};
use crate::spec::units::{Cidr, Duration};

section! {
    /// Where it runs.
    pub struct Hosting short platform {
        /// A folder under `hosting`.
        platform: Text,
        /// Organisation at the platform.
        organization: Option<Text>,
        /// Project or account at the platform.
        project: Option<Text>,
        /// Cluster that is deployed to.
        cluster: Option<Text>,
        /// Namespace in the cluster.
        namespace: Option<Text>,
        /// Versions that every manifest is checked against.
        versions: Vec<Text>,
        /// Role or account that the pipeline deploys as.
        deploy_role: Option<Text>,
        /// Machines of our own, by host name.
        servers: Vec<Text>,
        /// Where on earth; the first is primary.
        regions: Vec<Text>,
        /// The region that takes over.
        failover: Maybe<Failover>,
        /// Where data must stay.
        residency: Maybe<Text>,
        /// What the cluster or account already has.
        uses: Platform = "{}",
        /// Networks, edges, names.
        network: Network = "{}",
        /// How machines and networks come to be.
        infrastructure: Infrastructure = "platform",
    }
}

section! {
    /// The region that takes over.
    pub struct Failover short region {
        /// Which one.
        region: Text,
        /// How traffic moves: `dns`, `load-balancer`, `platform`.
        by: Option<Text>,
        /// What waits there: `hot`, `warm`, `cold`.
        standby: Option<Text>,
        /// How long names are cached.
        ttl: Option<Duration>,
    }
}

section! {
    /// What the cluster or account already has; `preflight` asks for it.
    pub struct Platform {
        /// Gateway that takes traffic in.
        gateway: Maybe<Gateway>,
        /// What brings secrets in.
        secrets: Maybe<Text>,
        /// What does weighted rollouts.
        rollouts: Maybe<Text>,
        /// What collects metrics.
        metrics: Maybe<ClusterMetrics>,
        /// What scales by events.
        events: Maybe<Text>,
        /// What issues certificates.
        certificates: Maybe<Text>,
        /// What applies manifests from git.
        gitops: Maybe<Text>,
    }
}

section! {
    /// Gateway that takes traffic in.
    pub struct Gateway short name {
        /// Its name.
        name: Text,
        /// Its namespace.
        namespace: Option<Text>,
    }
}

section! {
    /// What collects metrics in the cluster.
    pub struct ClusterMetrics short operator {
        /// Operator whose objects are written.
        operator: Text,
        /// Labels that it selects by.
        labels: Labels,
        /// Namespace that it scrapes from.
        namespace: Option<Text>,
    }
}

section! {
    /// Networks, edges, names.
    pub struct Network {
        /// What takes traffic first.
        edge: Option<Text>,
        /// Who terminates TLS.
        tls: Option<Text>,
        /// What caches at the edge.
        cdn: Maybe<Text>,
        /// Who answers for names.
        dns: Option<Text>,
        /// What filters requests.
        firewall: Maybe<Text>,
        /// The network.
        vpc: Option<Cidr>,
        /// Its parts.
        subnets: Subnets = "{}",
        /// What spreads traffic.
        load_balancer: Maybe<Text>,
        /// Whether private machines reach out through NAT.
        nat: Option<bool>,
        /// Which traffic is allowed inside: `deny-by-default` or `open`.
        policy: Option<Text>,
    }
}

section! {
    /// Parts of the network.
    pub struct Subnets {
        /// Reached from outside.
        public: Vec<Cidr>,
        /// Where services run.
        private: Vec<Cidr>,
        /// Where stores run.
        data: Vec<Cidr>,
    }
}

section! {
    /// How machines and networks come to be.
    pub struct Infrastructure short tool {
        /// `platform`, `terraform`, `pulumi`, `cloudformation`, `none`.
        tool: Text = "platform",
        /// Repository that holds it.
        repository: Option<Text>,
        /// Folder inside, and how it is laid out.
        layout: Option<Text>,
        /// Modules it is made of.
        modules: Vec<Text>,
        /// Where its state is kept.
        state: Option<State>,
        /// Who applies it, and after what.
        apply: Option<Apply>,
    }
}

section! {
    /// Where state is kept.
    pub struct State {
        /// Bucket at AWS.
        s3: Option<Text>,
        /// Bucket at Google.
        gcs: Option<Text>,
        /// Container at Azure.
        azure: Option<Text>,
        /// Address of another backend.
        http: Option<Text>,
        /// Whether two runs exclude each other.
        lock: bool = "true",
    }
}

section! {
    /// How infrastructure changes.
    pub struct Apply {
        /// When the plan is shown.
        plan_on: Option<Text>,
        /// Who agrees.
        approvers: Vec<Text>,
        /// What checks the result.
        verify: Option<Text>,
    }
}
