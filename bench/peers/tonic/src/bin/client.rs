//! The client of tonic under measurement, all settings at their defaults. It repeats one call on several workers over one
//! connection, and prints what it moved and what that cost as a line of JSON; it fails if a reply is wrong.
//!
//!     --port N --mode get|list|record|chat --concurrency C --seconds S --warmup W
use std::{
    collections::HashMap,
    env,
    error::Error,
    time::{Duration, Instant},
};
use tokio::{sync::mpsc, task::JoinSet};
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Channel;

mod pb {
    tonic::include_proto!("routeguide");
}
use pb::{Point, Rectangle, RouteNote, route_guide_client::RouteGuideClient};

type Client = RouteGuideClient<Channel>;
type Failure = Box<dyn Error + Send + Sync>;
/// Messages, and the time of each call if somebody wants it.
type Moved = Result<(usize, Vec<Duration>), Failure>;

const ROUTE_POINTS: i32 = 20_000;
/// A place that the server under the load knows.
const KNOWN: Point = Point { latitude: 409_146_138, longitude: -746_188_906 };
const EVERYWHERE: Rectangle = Rectangle {
    lo: Some(Point { latitude: -900_000_000, longitude: -1_800_000_000 }),
    hi: Some(Point { latitude: 900_000_000, longitude: 1_800_000_000 }),
};

async fn get(mut client: Client, end: Instant) -> Moved {
    let mut times = Vec::new();
    while Instant::now() < end {
        let started = Instant::now();
        let feature = client.get_feature(KNOWN).await?.into_inner();
        times.push(started.elapsed());
        if feature.name.is_empty() {
            return Err("GetFeature: the known point has no name".into());
        }
    }
    Ok((times.len(), times))
}

async fn list(mut client: Client, end: Instant) -> Moved {
    let mut features = 0;
    while Instant::now() < end {
        let before = features;
        let mut stream = client.list_features(EVERYWHERE).await?.into_inner();
        while stream.message().await?.is_some() {
            features += 1;
        }
        if features == before {
            return Err("ListFeatures: the world is empty".into());
        }
    }
    Ok((features, Vec::new()))
}

async fn record(mut client: Client, end: Instant) -> Moved {
    let mut sent = 0;
    while Instant::now() < end {
        let point = |i| Point { latitude: 400_000_000 + i, longitude: -740_000_000 - i };
        let route = tokio_stream::iter((0..ROUTE_POINTS).map(point));
        let count = client.record_route(route).await?.into_inner().point_count;
        if count != ROUTE_POINTS {
            return Err(format!("RecordRoute: {count} points, expected {ROUTE_POINTS}").into());
        }
        sent += count as usize;
    }
    Ok((sent, Vec::new()))
}

async fn chat(mut client: Client, end: Instant, latitude: i32) -> Moved {
    let (notes, outbox) = mpsc::channel(1);
    let mut replies = client.route_chat(ReceiverStream::new(outbox)).await?.into_inner();
    let mut turns = 0;
    while Instant::now() < end {
        let location = Some(Point { latitude, longitude: turns as i32 });
        let note = RouteNote { location, message: "Slow traffic ahead".into() };
        notes.send(note.clone()).await?;
        if replies.message().await?.ok_or("RouteChat: it ended before its time")? != note {
            return Err("RouteChat did not send the note back".into());
        }
        turns += 1;
    }
    drop(notes);
    match replies.message().await? {
        None => Ok((turns, Vec::new())),
        Some(_) => Err("RouteChat: it does not end".into()),
    }
}

/// Lets the workers work for so many seconds, and gathers what they moved together.
async fn run(mode: &str, client: &Client, workers: u32, seconds: f64, latitude: i32) -> Moved {
    let end = Instant::now() + Duration::from_secs_f64(seconds);
    let mut working = JoinSet::new();
    for worker in 0..workers {
        let client = client.clone();
        match mode {
            "get" => working.spawn(get(client, end)),
            "list" => working.spawn(list(client, end)),
            "record" => working.spawn(record(client, end)),
            "chat" => working.spawn(chat(client, end, latitude + worker as i32)),
            _ => return Err(format!("--mode is {mode}: expected get, list, record or chat").into()),
        };
    }
    let (mut moved, mut times) = (0, Vec::new());
    while let Some(done) = working.join_next().await {
        let (messages, calls) = done??;
        moved += messages;
        times.extend(calls);
    }
    Ok((moved, times))
}

/// What this process has used, user and kernel time together.
fn cpu_seconds() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // Sound: the pointer is to a local of the right type, and nothing else is touched.
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut time) };
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let args: Vec<String> = env::args().skip(1).collect();
    let options: HashMap<&str, &str> =
        args.chunks_exact(2).map(|pair| (pair[0].trim_start_matches("--"), pair[1].as_str())).collect();
    let option = |name: &str| options.get(name).copied().ok_or(format!("--{name} is missing"));
    let (mode, workers) = (option("mode")?, option("concurrency")?.parse()?);
    let client = RouteGuideClient::connect(format!("http://127.0.0.1:{}", option("port")?)).await?;
    // Where no other run has left notes.
    let latitude = (std::process::id() % 8_000_000) as i32 * 100;
    run(mode, &client, workers, option("warmup")?.parse()?, latitude).await?;

    let (started, before) = (Instant::now(), cpu_seconds());
    let (messages, mut times) = run(mode, &client, workers, option("seconds")?.parse()?, -latitude).await?;
    let cpu = cpu_seconds() - before;
    let mut sample = serde_json::json!({
        "messages": messages, "seconds": started.elapsed().as_secs_f64(), "cpuSeconds": cpu,
    });
    if workers == 1 && !times.is_empty() {
        times.sort();
        let at = |share: f64| times[(times.len() as f64 * share) as usize].as_nanos() as f64 / 1000.0;
        sample["p50Us"] = at(0.5).into();
        sample["p99Us"] = at(0.99).into();
    }
    println!("{sample}");
    Ok(())
}
