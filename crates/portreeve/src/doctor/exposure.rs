//! Settings that let in more than they should.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use ipnet::IpNet;
use portal::settings::MailTls;

use super::database::PortalFacts;
use super::report::Report;
use crate::place::Place;
use crate::private;
use crate::settings::{Settings, Tls};

const OF: &str = "settings";
/// Settings that are secrets, or may hold some.
const SECRETS: [&str; 7] = [
    "database",
    "operator-token",
    "smtp-password",
    "s3-access-key",
    "s3-secret-key",
    "handler-proxy",
    "alert-url",
];

/// Looks at them.
pub fn check(report: &mut Report, place: &Place, settings: &Settings, portal: Option<&PortalFacts>) {
    front(report, settings);
    side_doors(report, settings);
    file(report, place);
    if let Some(portal) = portal {
        within(report, portal);
    }
    report.well(OF, "none lets in more than it should");
}

/// Where people and programs come in.
fn front(report: &mut Report, settings: &Settings) {
    let https = settings.tls != Tls::Off || !settings.trusted_proxies.is_empty();
    if is_public(settings.listen) && !https {
        report.warn(
            OF,
            format!("secrets and passwords travel in plain text: it listens on {} without TLS", settings.listen),
            "give --tls files, or listen on 127.0.0.1 behind a proxy with https and name it in --trusted-proxies",
        );
    }
    if https && settings.require_https == Some(false) {
        report.warn(OF, "calls over plain http are let in (--require-https false)", "leave that out");
    }
    if settings.trusted_proxies.iter().any(|network| network.prefix_len() == 0) {
        report.fail(
            OF,
            "everybody is trusted as a proxy: whoever calls can say from where, and that it came over https",
            "name the addresses of the proxies in --trusted-proxies",
        );
    }
}

/// The addresses for operators, which speak plain http.
fn side_doors(report: &mut Report, settings: &Settings) {
    if let Some(address) = settings.metrics_listen.filter(|address| is_public(*address)) {
        let found = format!("figures are shown to whoever reaches {address}");
        report.warn(OF, found, "let --metrics-listen be an address that only the monitoring reaches");
    }
    if let Some(address) = settings.operator_listen {
        if is_public(address) {
            let found =
                format!("the operator's API, which can do everything, listens on {address} without TLS");
            report.warn(OF, found, "let --operator-listen be an address of this machine, or leave it out");
        }
        if settings.operator_token.as_ref().is_some_and(crate::operator::Token::is_weak) {
            let found = "the operator's token is short or easily guessed";
            report.warn(
                OF,
                found,
                "make one with `openssl rand -hex 16` and give it in PORTREEVE_OPERATOR_TOKEN",
            );
        }
    }
}

/// The file of settings, if it holds secrets.
fn file(report: &mut Report, place: &Place) {
    let path: PathBuf = place.config.clone().unwrap_or_else(|| place.data.join("portreeve.toml"));
    let text = fs::read_to_string(&path).unwrap_or_default();
    let table: toml::Table = text.parse().unwrap_or_default();
    let secrets: Vec<&str> = SECRETS.into_iter().filter(|name| table.contains_key(*name)).collect();
    if !secrets.is_empty() && private::is_open(&path) {
        let shown = path.display();
        report.fail(
            OF,
            format!("every user of this machine may read {shown}, which has secrets: {}", secrets.join(", ")),
            format!("run `chmod 600 {shown}`, and change what somebody may have read"),
        );
    }
}

/// What holds in the portal, be it chosen in the console.
fn within(report: &mut Report, portal: &PortalFacts) {
    let wide = |network: &&IpNet| {
        network.prefix_len() == 0 || network.contains(&IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)))
    };
    if let Some(network) = portal.settings.guard.allowed().iter().find(wide) {
        report.warn(
            OF,
            format!("handlers may be in {network}: whoever makes outbound webhooks reaches this machine and its network"),
            "allow only the networks that have handlers, in the console or by --allow-handlers",
        );
    }
    let mail = &portal.settings.mail;
    if mail.tls == MailTls::Off && !mail.user.is_empty() {
        let found = "the password for the mail server travels in plain text (--smtp-tls off)";
        report.warn(OF, found, "let it be starttls or tls");
    }
    if portal.rules > 0 {
        let found = format!("{} fault rules hold, by which calls or deliveries fail", portal.rules);
        report.warn(OF, found, "`portreeve fault clear` ends that");
    }
}

fn is_public(address: SocketAddr) -> bool {
    !address.ip().is_loopback()
}
