//! Every form that an address can have.

use super::{Guard, Refusal};

fn admits(guard: &Guard, address: &str) -> bool {
    guard.admits(address.parse().unwrap())
}

fn allowing(networks: &[&str]) -> Guard {
    Guard::new(networks.iter().map(|network| network.parse().unwrap()).collect())
}

/// First and last address of each refused network, with what lies next to it outside (empty where that is
/// refused for another reason).
const EDGES_V4: [(&str, &str, &str, &str); 15] = [
    ("", "0.0.0.0", "0.255.255.255", "1.0.0.0"),
    ("9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0"),
    ("100.63.255.255", "100.64.0.0", "100.127.255.255", "100.128.0.0"),
    ("126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0"),
    ("168.63.129.15", "168.63.129.16", "168.63.129.16", "168.63.129.17"),
    ("169.253.255.255", "169.254.0.0", "169.254.255.255", "169.255.0.0"),
    ("172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0"),
    ("191.255.255.255", "192.0.0.0", "192.0.0.255", "192.0.1.0"),
    ("192.0.1.255", "192.0.2.0", "192.0.2.255", "192.0.3.0"),
    ("192.88.98.255", "192.88.99.0", "192.88.99.255", "192.88.100.0"),
    ("192.167.255.255", "192.168.0.0", "192.168.255.255", "192.169.0.0"),
    ("198.17.255.255", "198.18.0.0", "198.19.255.255", "198.20.0.0"),
    ("198.51.99.255", "198.51.100.0", "198.51.100.255", "198.51.101.0"),
    ("203.0.112.255", "203.0.113.0", "203.0.113.255", "203.0.114.0"),
    ("223.255.255.255", "224.0.0.0", "255.255.255.255", ""),
];

#[test]
fn what_is_not_public_ipv4_is_refused_to_its_edges() {
    let guard = Guard::default();
    for (before, first, last, after) in EDGES_V4 {
        for outside in [before, after].iter().filter(|address| !address.is_empty()) {
            assert!(admits(&guard, outside), "{outside} is public");
        }
        for inside in [first, last] {
            assert!(!admits(&guard, inside), "{inside}");
            for prefix in ["::ffff:", "::", "::ffff:0:", "64:ff9b::"] {
                let form = format!("{prefix}{inside}");
                assert!(!admits(&guard, &form), "{form}");
            }
        }
    }
    assert!(!admits(&guard, "169.254.169.254"), "where virtual machines find their secrets");
    assert!(!admits(&guard, "100.100.100.200"), "the same at Alibaba");
}

#[test]
fn ipv6_is_refused_where_it_is_not_public() {
    let guard = Guard::default();
    for refused in [
        "::",
        "::1",
        "::2",
        "::8.8.8.8",
        "::ffff:0:8.8.8.8",
        "64:ff9b:1::8.8.8.8",
        "64:ff9b:2::1",
        "100::1",
        "1fff::1",
        "2001::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:2::1",
        "2001:20::1",
        "2001:1ff:ffff::1",
        "2001:db8::1",
        "2002:808:808::1",
        "2002:a00:1::1",
        "3fff::1",
        "3fff:fff::1",
        "4000::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fdff:ffff::1",
        "fe80::1",
        "febf::1",
        "fec0::1",
        "feff::1",
        "ff02::1",
        "ff0e::1",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    ] {
        assert!(!admits(&guard, refused), "{refused}");
    }
    for public in [
        "2000::1",
        "2001:200::1",
        "2001:4860:4860::8888",
        "2a00:1450:4001:81b::200e",
        "3ffe::1",
        "3fff:1000::1",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
    ] {
        assert!(admits(&guard, public), "{public}");
    }
}

#[test]
fn an_operator_can_allow_networks_in_every_form_of_their_addresses() {
    let guard = allowing(&["10.1.0.0/16", "fd12::/16", "192.168.7.7/32"]);
    for allowed in [
        "10.1.2.3",
        "::ffff:10.1.2.3",
        "::10.1.2.3",
        "64:ff9b::10.1.2.3",
        "64:ff9b:1::10.1.2.3",
        "2002:a01:203::1",
        "2001:0:4136:e378:8000:63bf:f5fe:fdfc",
        "fd12::1",
        "192.168.7.7",
        "8.8.8.8",
    ] {
        assert!(admits(&guard, allowed), "{allowed}");
    }
    for refused in ["10.2.0.1", "::ffff:10.2.0.1", "fd13::1", "192.168.7.8", "127.0.0.1", "::1"] {
        assert!(!admits(&guard, refused), "{refused}");
    }
    assert!(admits(&allowing(&["::/0"]), "::ffff:127.0.0.1"), "a network of IPv6 may be allowed as it is");
    assert!(!admits(&allowing(&["0.0.0.0/8"]), "::1"), "which is no IPv4 address 0.0.0.1");
}

#[test]
fn a_url_is_read_as_resolvers_would() {
    for (url, seen) in [
        ("http://127.0.0.1/", "127.0.0.1"),
        ("http://127.1/", "127.0.0.1"),
        ("http://2130706433/", "127.0.0.1"),
        ("http://0x7f000001/", "127.0.0.1"),
        ("http://0X7F.0.0.1/", "127.0.0.1"),
        ("http://0177.0.0.1/", "127.0.0.1"),
        ("http://127.0.0.1./", "127.0.0.1"),
        ("http://%31%32%37.0.0.1/", "127.0.0.1"),
        ("http://１２７.0.0.1/", "127.0.0.1"),
        ("http:\\\\127.0.0.1\\x", "127.0.0.1"),
        ("ht\ntp://127.0.\t0.1/", "127.0.0.1"),
        ("http:127.0.0.1", "127.0.0.1"),
        ("http://169.254.169.254/latest/meta-data/", "169.254.169.254"),
        ("http://[::1]/", "::1"),
        ("http://[0:0:0:0:0:0:0:1]:8080/", "::1"),
        ("http://[::ffff:127.0.0.1]/", "::ffff:127.0.0.1"),
        ("http://[::ffff:7f00:1]/", "::ffff:127.0.0.1"),
        ("http://[64:ff9b::7f00:1]/", "64:ff9b::7f00:1"),
        ("http://0/", "0.0.0.0"),
        ("https://localhost/", "localhost"),
        ("https://LOCALHOST./", "localhost."),
        ("https://a.localhost:8443/", "a.localhost"),
    ] {
        match Guard::default().check(url) {
            Err(Refusal::Address { address, .. }) => assert_eq!(address, seen, "{url}"),
            other => panic!("{url}: {other:?}"),
        }
        let everything = allowing(&["0.0.0.0/0", "::/0"]);
        assert!(everything.check(url).is_ok(), "{url} is fine where the operator allows it");
    }
}

#[test]
fn a_public_url_passes_in_its_normal_spelling() {
    for (url, normal) in [
        ("https://example.com", "https://example.com/"),
        ("HTTPS://Example.COM:443/a b?x=1&key=ä#part", "https://example.com/a%20b?x=1&key=%C3%A4"),
        ("http://bücher.example:8080/", "http://xn--bcher-kva.example:8080/"),
        ("http://handler:3000/x", "http://handler:3000/x"),
        ("http://[2a00:1450::1]:80/", "http://[2a00:1450::1]/"),
    ] {
        assert_eq!(Guard::default().check(url).unwrap().as_str(), normal);
    }
}

#[test]
fn what_is_no_url_of_a_handler_is_refused_with_the_protocols_words() {
    let told = |url: &str| Guard::default().check(url).unwrap_err();
    for url in ["", "example.com/handler", "example.com:8080/x", "http://", "/x", "mailto:a@b", "http://a b/"]
    {
        assert_eq!(told(url), Refusal::NoUrl, "{url}");
    }
    assert_eq!(told("ftp://example.com/x"), Refusal::Scheme("ftp".to_owned()));
    assert_eq!(told("ftp://example.com/x").on_the_wire().0, "ERROR_UNSUPPORTED_PROTOCOL");
    for url in ["http://user@example.com/", "http://user:word@example.com/", "http://:word@example.com/"] {
        assert_eq!(told(url), Refusal::Credentials, "{url}");
    }
    assert_eq!(told(&format!("http://example.com/{}", "x".repeat(2048))), Refusal::TooLong);
    assert_eq!(told("http://10.1.2.3/").on_the_wire(), ("ERROR_WRONG_HANDLER_URL", "Wrong handler URL"));
    assert_eq!(
        told("http://10.1.2.3/").to_string(),
        "10.1.2.3 is a private address; an administrator can allow it in the portal's settings or with --allow-handlers 10.0.0.0/8"
    );
}

#[test]
fn ports_of_other_services_are_refused_everywhere() {
    let everything = allowing(&["0.0.0.0/0", "::/0"]);
    for port in [1, 22, 25, 79, 81, 444, 1023, 2049, 5060, 6000, 6667, 10080] {
        for guard in [&everything, &Guard::default()] {
            let url = format!("http://example.com:{port}/");
            assert_eq!(guard.check(&url), Err(Refusal::Port(port)));
        }
    }
    for port in [80, 443, 1024, 3000, 8080, 8443, 65534] {
        assert!(Guard::default().check(&format!("http://example.com:{port}/")).is_ok(), "{port}");
    }
    assert_eq!(everything.check("http://example.com:65536/"), Err(Refusal::NoUrl));
}

#[test]
fn the_debug_form_keeps_the_path_to_itself() {
    let target = Guard::default().check("https://example.com/hook?key=secret").unwrap();
    assert_eq!(format!("{target:?}"), "Target(https://example.com:443/..)");
}
