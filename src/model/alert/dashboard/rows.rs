//! The rows of one dashboard in one environment: its own panels, then the alerts that no panel has.
//!
//! In: rows of the catalogue and the rules of the environment. Out: panels without places. Refuses: as its module.

use indexmap::IndexMap;
use promql_parser::parser::Expr;

use super::super::super::fact::{Value, name};
use super::super::around::{Around, Arounds};
use super::super::rule::{NOT_PROMQL, TEMPLATE, UNKNOWN_METRIC};
use super::super::target::{Item, expand};
use super::super::words::{Scope, Words};
use super::super::{Alert, Fault, lint, profile, promql};
use super::limit::{self, Drawn};
use super::variable::{self, Filter};
use super::{Panel, Query, Row};
use crate::catalog::alert::{self as catalog, Alerts, claims};
use crate::diagnostic::Diagnostic;

/// The size of a panel that asks for none.
const WIDTH: u32 = 8;
const HEIGHT: u32 = 8;

pub struct Board<'m> {
    model: &'m Value,
    environment: &'m Value,
    catalog: &'m Alerts,
    words: &'m Words,
    filters: &'m [Filter],
    arounds: Arounds<'m>,
}

/// A row of the catalogue about certain items.
struct Part<'m> {
    source: &'m catalog::Row,
    title: String,
    items: Vec<Item<'m>>,
}

type Told<T> = Result<T, Fault>;

pub fn fault(message: String) -> Fault {
    Fault { key: None, diagnostic: Diagnostic::error(TEMPLATE, message) }
}

impl<'m> Board<'m> {
    pub fn new(
        model: &'m Value,
        environment: &'m Value,
        catalog: &'m Alerts,
        words: &'m Words,
        filters: &'m [Filter],
    ) -> Self {
        Self { model, environment, catalog, words, filters, arounds: Arounds::default() }
    }

    pub fn rows(mut self, source: &'m catalog::Dashboard, mut rules: Vec<&Alert>, faults: &mut Vec<Fault>) -> Vec<Row> {
        let mut rows: IndexMap<String, Vec<Panel>> = IndexMap::new();
        let mut parts = Vec::new();
        for row in self.catalog.rows(source) {
            for (part, scope) in self.parts(row, faults) {
                let panels = rows.entry(part.title.clone()).or_default();
                for panel in &row.panels {
                    panels.extend(self.panels(panel, &scope, &part, &mut rules, faults));
                }
                parts.push(part);
            }
        }
        for part in parts {
            let mine = |rule: &&Alert| {
                let said = part.source.alerts.iter().any(|it| claims(it, &rule.component, &rule.name) > 0);
                said && about(rule, &part.items)
            };
            let (mine, others): (Vec<&Alert>, _) = rules.into_iter().partition(mine);
            rules = others;
            rows.entry(part.title).or_default().extend(self.drawn(mine));
        }
        // What no row claims stands in a row of its component.
        let mut left: IndexMap<String, Vec<&Alert>> = IndexMap::new();
        rules.into_iter().for_each(|rule| left.entry(capital(&rule.component)).or_default().push(rule));
        for (component, rules) in left {
            rows.entry(component).or_default().extend(self.drawn(rules));
        }
        rows.into_iter().map(|(title, panels)| Row { id: 0, y: 0, title, panels }).collect()
    }

    fn parts(&self, row: &'m catalog::Row, faults: &mut Vec<Fault>) -> Vec<(Part<'m>, Scope<'m>)> {
        let mut start = Scope::new();
        start.bind("m", self.model);
        start.bind("environment", self.environment);
        let made = expand(row.for_each.as_ref(), &start).and_then(|scopes| {
            let mut parts = Vec::new();
            for (scope, items) in scopes {
                if self.words.when(row.when.as_deref(), &scope)? {
                    let title = self.words.text(&row.title, &scope)?;
                    parts.push((Part { source: row, title, items }, scope));
                }
            }
            Ok(parts)
        });
        made.unwrap_or_else(|message| {
            told(faults, fault(format!("row {} of a dashboard: {message}", row.title)));
            Vec::new()
        })
    }

    fn panels(
        &mut self,
        panel: &'m catalog::Panel,
        scope: &Scope<'m>,
        part: &Part<'m>,
        rules: &mut Vec<&Alert>,
        faults: &mut Vec<Fault>,
    ) -> Vec<Panel> {
        let mut made = Vec::new();
        let scopes = expand(panel.for_each.as_ref(), scope).unwrap_or_else(|message| {
            told(faults, fault(format!("panel {}: {message}", panel.title)));
            Vec::new()
        });
        for (scope, items) in scopes {
            let items = part.items.iter().cloned().chain(items).collect();
            match self.panel(panel, scope, items, rules) {
                Ok(panel) => made.extend(panel),
                Err(fault) => told(faults, fault),
            }
        }
        made
    }

    fn panel(
        &mut self,
        panel: &'m catalog::Panel,
        mut scope: Scope<'m>,
        items: Vec<Item<'m>>,
        rules: &mut Vec<&Alert>,
    ) -> Told<Option<Panel>> {
        let words = self.words;
        let wrong = |message: String| fault(format!("panel {}: {message}", panel.title));
        if !words.when(panel.when.as_deref(), &scope).map_err(wrong)? {
            return Ok(None);
        }
        let around = self.arounds.of(self.model, self.catalog, words, &scope, &items).map_err(wrong)?;
        let mut queries = Vec::new();
        for query in panel.queries() {
            queries.extend(self.query(panel, &query, &mut scope, &items, &around, queries.len())?);
        }
        let asked = !panel.profiles.is_empty() || !panel.queries.is_empty();
        if asked && queries.is_empty() {
            return Ok(None);
        }
        let mine = |rule: &&Alert| {
            panel.alerts.iter().any(|it| claims(it, &rule.component, &rule.name) > 0) && about(rule, &items)
        };
        let (mine, others): (Vec<&Alert>, _) = rules.drain(..).partition(mine);
        *rules = others;
        if mine.is_empty() && !asked && !panel.alerts.is_empty() {
            return Ok(None);
        }
        if !asked {
            queries = self.lines(&limit::grouped(mine.iter().copied()));
        }
        let mut description = words.text(&panel.description, &scope).map_err(wrong)?;
        if !mine.is_empty() {
            description = format!("{description} {}", limit::sentence(&mine));
        }
        let steps =
            if mine.is_empty() { limit::promised(panel, &scope) } else { limit::of(&mine, panel.scale.unwrap_or(1.0)) };
        Ok(Some(Panel {
            title: words.text(&panel.title, &scope).map_err(wrong)?,
            description,
            r#type: panel.r#type.clone(),
            w: panel.width.unwrap_or(WIDTH),
            h: panel.height.unwrap_or(HEIGHT),
            shows: panel.shows,
            unit: panel.unit.clone(),
            queries,
            steps,
            links: limit::links(&mine),
            looks: panel.looks.clone(),
            ..Panel::default()
        }))
    }

    fn query(
        &self,
        panel: &catalog::Panel,
        source: &catalog::Query,
        scope: &mut Scope<'m>,
        items: &[Item<'m>],
        around: &Around<'m>,
        at: usize,
    ) -> Told<Option<Query>> {
        let wrong = |message: String| fault(format!("panel {}: {message}", panel.title));
        let profiles = &around.profiles;
        let Some((chosen, expression)) =
            profile::choose(None, &source.profiles, self.words, scope, profiles).map_err(wrong)?
        else {
            return Ok(None);
        };
        profile::select(self.words, scope, items, chosen, profiles).map_err(wrong)?;
        let expr = self.words.promql(&expression.expr, scope).map_err(wrong)?;
        let refused = |code, message: String| Fault {
            key: None,
            diagnostic: Diagnostic::error(code, format!("panel {} for {chosen} {message}", panel.title)),
        };
        let tree = variable::read(&expr);
        let tree = tree.map_err(|message| refused(NOT_PROMQL, format!("is not PromQL: {message}: {expr}")))?;
        let reading = promql::read(&tree);
        if let Some(metric) = reading.unknown(profiles).filter(|_| chosen != "any") {
            return Err(refused(UNKNOWN_METRIC, format!("reads `{metric}`, which no metric profile in force has")));
        }
        // How far a panel looks back is up to who looks.
        let given = lint::Given { profiles, chosen, keep: None };
        if let Some(finding) = lint::expression(&tree, &given).into_iter().next() {
            let Fault { key, diagnostic } = refused(finding.code, finding.message);
            return Err(Fault { key, diagnostic: diagnostic.help(finding.help) });
        }
        let legend = self.words.text(expression.r#where.as_deref().unwrap_or_default(), scope).map_err(wrong)?;
        let made = self.varied(at, &tree, legend, profiles);
        Ok(Some(Query { instant: source.instant, dashed: source.dashed, ..made }))
    }

    fn varied(&self, at: usize, tree: &Expr, legend: String, profiles: &profile::Profiles<'_>) -> Query {
        let vary = |environment| variable::vary(tree, environment, self.filters, profiles);
        let id = char::from(b'A' + u8::try_from(at % 26).unwrap_or(0)).to_string();
        let expr = vary(name(self.environment));
        Query { id, expr, legend, instant: false, dashed: false, literal: vary("") }
    }

    /// A panel for each group of rules that no other panel took.
    fn drawn(&self, rules: Vec<&Alert>) -> Vec<Panel> {
        let groups = limit::grouped(rules.into_iter());
        let panels = groups.iter().map(|group| Panel {
            title: group.title(),
            description: format!("{}. {}", group.summary(), limit::sentence(&group.rules)),
            r#type: "timeseries".into(),
            w: WIDTH,
            h: HEIGHT,
            shows: group.rules[0].shows,
            queries: self.lines(std::slice::from_ref(group)),
            steps: limit::of(&group.rules, 1.0),
            links: limit::links(&group.rules),
            ..Panel::default()
        });
        panels.collect()
    }

    fn lines(&self, groups: &[Drawn<'_>]) -> Vec<Query> {
        // Their metrics were checked with their rules, so any profile may say which labels they have.
        let profiles: profile::Profiles<'_> = self.catalog.profiles.iter().collect();
        let targets: Vec<_> = groups.iter().flat_map(|group| &group.targets).collect();
        let many = targets.len() > 1;
        let mut queries = Vec::new();
        for target in targets {
            let legend = match (many, target.legend) {
                (false, "") => {
                    [target.name, target.alert].into_iter().find(|it| !it.is_empty()).unwrap_or_default().to_owned()
                }
                (false, legend) => legend.to_owned(),
                (true, legend) => format!("{} {legend}", target.name),
            };
            for line in &target.lines {
                queries.push(self.varied(queries.len(), &line.tree, legend.trim().to_owned(), &profiles));
            }
        }
        queries
    }
}

/// Whether a rule is about these items, or about a part of the last of them.
fn about(rule: &Alert, items: &[Item<'_>]) -> bool {
    let names: Vec<&str> = items.iter().map(|(_, item)| name(item)).collect();
    let wanted = names.join("/");
    wanted.is_empty() || rule.target == wanted || rule.target.starts_with(&format!("{wanted}/"))
}

fn told(faults: &mut Vec<Fault>, fault: Fault) {
    if !faults.iter().any(|known| known.diagnostic == fault.diagnostic) {
        faults.push(fault);
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
