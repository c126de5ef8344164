//! Protocol 3.

use serde_json::json;
use wire::{Fault, fault};

use super::map;

#[test]
fn the_table_says_what_the_protocol_says() {
    let expected = [
        ("ERROR_METHOD_NOT_FOUND", 404),
        ("INVALID_CREDENTIALS", 401),
        ("NO_AUTH_FOUND", 401),
        ("insufficient_scope", 401),
        ("authorization_error", 401),
        ("INVALID_REQUEST", 401),
        ("OVERLOAD_LIMIT", 401),
        ("ACCESS_DENIED", 401),
        ("ACCESS_DENIED", 403),
        ("WRONG_AUTH_TYPE", 403),
        ("QUERY_LIMIT_EXCEEDED", 503),
        ("OPERATION_TIME_LIMIT", 429),
        ("METHOD_CONFIRM_WAITING", 401),
        ("METHOD_CONFIRM_DENIED", 403),
        ("PORTAL_DELETED", 403),
        ("ERROR_CORE", 500),
        ("INTERNAL_SERVER_ERROR", 500),
        ("ERROR_UNEXPECTED_ANSWER", 500),
        ("ERROR_BATCH_METHOD_NOT_ALLOWED", 405),
        ("ERROR_BATCH_LENGTH_EXCEEDED", 400),
        ("ERROR_MANIFEST_IS_NOT_AVAILABLE", 404),
        ("WRONG_ENCODING", 200),
    ];
    let table: Vec<_> = fault::SYSTEM.iter().map(|system| (system.code, system.status)).collect();
    assert_eq!(table, expected);
}

/// The dossier is not part of this repository; where it lies beside it, the texts are compared too.
#[test]
fn the_messages_are_those_of_the_dossier() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/protocol.md");
    let Ok(dossier) = std::fs::read_to_string(path) else {
        println!("skipped: there is no {path}");
        return;
    };
    for system in fault::SYSTEM {
        let row = format!("| {} | {}", system.code, system.message);
        assert!(dossier.contains(&row), "{row}");
    }
}

#[test]
fn methods_make_faults_of_their_own() {
    for (fault, status, expected) in [
        (
            Fault::argument("wrong_email", ""),
            400,
            json!({"error": "ERROR_ARGUMENT", "error_description": "wrong_email", "argument": ""}),
        ),
        (
            Fault::empty_argument("NAME"),
            400,
            json!({"error": "ERROR_ARGUMENT", "error_description": "Argument 'NAME' is null or empty", "argument": "NAME"}),
        ),
        (Fault::crm("Not found"), 400, json!({"error": "", "error_description": "Not found"})),
        (
            Fault::core("Element not found"),
            400,
            json!({"error": "ERROR_CORE", "error_description": "Element not found"}),
        ),
        (Fault::not_found("No"), 400, json!({"error": "ERROR_NOT_FOUND", "error_description": "No"})),
        (
            Fault::access_denied("Application context required"),
            403,
            json!({"error": "ACCESS_DENIED", "error_description": "Access denied! Application context required"}),
        ),
        (
            Fault::missing_parameter("entityTypeId"),
            400,
            json!({"error": "100", "error_description": "Could not find value for parameter {entityTypeId}"}),
        ),
        (
            Fault::new(418, "TEAPOT", "Short").with("a", 1).with("a", 2),
            418,
            json!({"error": "TEAPOT", "error_description": "Short", "a": 2}),
        ),
    ] {
        assert_eq!(fault.status, status);
        assert_eq!(fault.into_map(), map(expected));
    }
}

#[test]
fn a_fault_reads_as_an_error() {
    let fault: Box<dyn std::error::Error> = Box::new(Fault::from(fault::NO_AUTH_FOUND));
    assert_eq!(fault.to_string(), "NO_AUTH_FOUND: Wrong authorization data (401)");
}
