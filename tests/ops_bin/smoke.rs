//! The smoke test against a server that answers as we like.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use crate::stage::{code, has, scaffold, text};

/// Answers every request with what `answer` says of its head; sends the heads.
fn server(answer: fn(&str) -> u16) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (heads, received) = channel();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let lines = BufReader::new(&stream).lines().map_while(Result::ok);
            let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
            let head = head.join("\n");
            let status = answer(&head);
            let _ = (&stream)
                .write_all(format!("HTTP/1.1 {status} x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").as_bytes());
            if heads.send(head).is_err() {
                break;
            }
        }
    });
    (url, received)
}

fn smoke(url: &str, token: Option<&str>) -> std::process::Output {
    let mut command = Command::new(scaffold().join("ops/bin/smoke"));
    command.args(["production", url]).env_remove("SMOKE_API_KEY");
    command.envs(token.map(|token| ("SMOKE_API_KEY", token))).output().unwrap()
}

#[test]
fn every_check_is_asked_and_the_token_is_sent() {
    if !has("curl") {
        return;
    }
    let (url, heads) =
        server(
            |head| if head.starts_with("GET /v1") && !head.contains("Authorization: Bearer key") { 401 } else { 200 },
        );
    let out = smoke(&url, Some("key"));
    assert_eq!(code(&out), 0, "{}", text(&out));
    let asked: Vec<String> = heads.try_iter().map(|head| head.lines().next().unwrap_or_default().to_owned()).collect();
    assert_eq!(asked, ["GET /health HTTP/1.1", "GET /v1/items?limit=1 HTTP/1.1"]);
}

#[test]
fn a_missing_token_is_an_error_of_its_own() {
    if !has("curl") {
        return;
    }
    let (url, _heads) = server(|_| 200);
    let out = smoke(&url, None);
    assert_eq!(code(&out), 1);
    assert!(text(&out).contains("SMOKE_API_KEY is not set"), "{}", text(&out));
}
