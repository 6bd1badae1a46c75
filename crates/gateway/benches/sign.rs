//! How long signing takes: a create with a body of 4 KiB must be signed within 25 µs.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use dsw_gateway::credentials::Credentials;
use dsw_gateway::sign::{Request, sign};
use http::Method;
use jiff::Timestamp;

/// That of the program for servers.
#[cfg(all(feature = "jemalloc", target_os = "linux"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn sign_create(criterion: &mut Criterion) {
    let credentials =
        Credentials::new("testid".to_owned(), "testsecret".repeat(3), None).expect("credentials");
    let body = vec![b'x'; 4096];
    let date: Timestamp = "2026-01-02T03:04:05Z".parse().expect("a date");
    criterion.bench_function("sign a body of 4 KiB", |bencher| {
        bencher.iter(|| {
            let request = Request {
                method: &Method::POST,
                host: "pai-dsw.cn-hangzhou.aliyuncs.com",
                path: "/api/v2/instances",
                query: &[],
                action: "CreateInstance",
                version: "2022-01-01",
                content_type: Some("application/json; charset=utf-8"),
                body: black_box(&body),
            };
            sign(
                &request,
                &credentials,
                date,
                "a0000000000000000000000000000001",
            )
        });
    });
}

criterion_group!(benches, sign_create);
criterion_main!(benches);
