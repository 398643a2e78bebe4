//! RouteGuide on tonic, all settings at their defaults: --places FILE --port N [--tls-cert FILE --tls-key FILE].
use std::{
    collections::{HashMap, VecDeque},
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, ready},
    time::Instant,
};
use tokio_stream::{Stream, StreamExt};
use tonic::{
    Request, Response, Status, Streaming,
    transport::{Identity, Server, ServerTlsConfig},
};

mod pb {
    tonic::include_proto!("routeguide");
}
use pb::{
    Feature, Point, Rectangle, RouteNote, RouteSummary,
    route_guide_server::{RouteGuide, RouteGuideServer},
};

type Answer<T> = Result<Response<T>, Status>;
type Replies<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;
type At = (i32, i32);
type Notes = Arc<Mutex<HashMap<At, VecDeque<RouteNote>>>>;

/// Notes kept at one point; the oldest go first.
const NOTES_AT_POINT: usize = 64;
const EARTH_RADIUS_METRES: f64 = 6_371_000.0;

struct World {
    features: Arc<Vec<Feature>>,
    by_point: HashMap<At, usize>,
    notes: Notes,
}

fn at(point: &Point) -> At {
    (point.latitude, point.longitude)
}

#[tonic::async_trait]
impl RouteGuide for World {
    type ListFeaturesStream = Replies<Feature>;
    type RouteChatStream = Replies<RouteNote>;

    async fn get_feature(&self, request: Request<Point>) -> Answer<Feature> {
        let point = request.into_inner();
        Ok(Response::new(match self.by_point.get(&at(&point)) {
            Some(&i) => self.features[i].clone(),
            None => Feature { name: String::new(), location: Some(point) },
        }))
    }

    async fn list_features(&self, request: Request<Rectangle>) -> Answer<Self::ListFeaturesStream> {
        let area = request.into_inner();
        let (lo, hi) = (at(&area.lo.unwrap_or_default()), at(&area.hi.unwrap_or_default()));
        let latitudes = lo.0.min(hi.0)..=lo.0.max(hi.0);
        let longitudes = lo.1.min(hi.1)..=lo.1.max(hi.1);
        let features = self.features.clone();
        let found = (0..features.len()).filter_map(move |i| {
            let (latitude, longitude) = at(&features[i].location.unwrap_or_default());
            let is_inside = latitudes.contains(&latitude) && longitudes.contains(&longitude);
            is_inside.then(|| Ok(features[i].clone()))
        });
        Ok(Response::new(Box::pin(tokio_stream::iter(found))))
    }

    async fn record_route(&self, request: Request<Streaming<Point>>) -> Answer<RouteSummary> {
        let started = Instant::now();
        let mut points = request.into_inner();
        let mut summary = RouteSummary::default();
        let mut metres = 0.0;
        let mut before: Option<At> = None;
        while let Some(point) = points.next().await {
            let here = at(&point?);
            summary.point_count += 1;
            summary.feature_count += i32::from(self.by_point.contains_key(&here));
            metres += before.map_or(0.0, |before| distance_metres(before, here));
            before = Some(here);
        }
        summary.distance = metres.round() as i32;
        summary.elapsed_time = started.elapsed().as_secs() as i32;
        Ok(Response::new(summary))
    }

    async fn route_chat(&self, request: Request<Streaming<RouteNote>>) -> Answer<Self::RouteChatStream> {
        let (notes, received) = (self.notes.clone(), request.into_inner());
        Ok(Response::new(Box::pin(Chat { notes, received, waiting: VecDeque::new() })))
    }
}

/// The replies of one chat: for each note that comes, all notes at its point.
struct Chat {
    notes: Notes,
    received: Streaming<RouteNote>,
    waiting: VecDeque<RouteNote>,
}

impl Stream for Chat {
    type Item = Result<RouteNote, Status>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(note) = self.waiting.pop_front() {
                return Poll::Ready(Some(Ok(note)));
            }
            match ready!(Pin::new(&mut self.received).poll_next(context)) {
                Some(Ok(note)) => self.waiting = post(&self.notes, note),
                Some(Err(status)) => return Poll::Ready(Some(Err(status))),
                None => return Poll::Ready(None),
            }
        }
    }
}

/// Keeps a note, and returns all notes at its point.
fn post(notes: &Notes, note: RouteNote) -> VecDeque<RouteNote> {
    let mut notes = notes.lock().expect("nobody panics while holding the lock");
    let here = notes.entry(at(&note.location.unwrap_or_default())).or_default();
    here.push_back(note);
    if here.len() > NOTES_AT_POINT {
        here.pop_front();
    }
    here.clone()
}

/// The haversine formula.
fn distance_metres(from: At, to: At) -> f64 {
    let radians = |e7: i32| (f64::from(e7) / 1e7).to_radians();
    let sin_latitude = ((radians(to.0) - radians(from.0)) / 2.0).sin();
    let sin_longitude = ((radians(to.1) - radians(from.1)) / 2.0).sin();
    let cosines = radians(from.0).cos() * radians(to.0).cos();
    let a = sin_latitude * sin_latitude + cosines * sin_longitude * sin_longitude;
    2.0 * EARTH_RADIUS_METRES * a.sqrt().min(1.0).asin()
}

fn load(file: &str) -> Result<Vec<Feature>, Box<dyn std::error::Error>> {
    let json: serde_json::Value = serde_json::from_slice(&std::fs::read(file)?)?;
    let e7 = |value: &serde_json::Value| value.as_i64().unwrap_or_default() as i32;
    let feature = |value: &serde_json::Value| Feature {
        name: value["name"].as_str().unwrap_or_default().to_owned(),
        location: Some(Point {
            latitude: e7(&value["location"]["latitude"]),
            longitude: e7(&value["location"]["longitude"]),
        }),
    };
    Ok(json.as_array().ok_or("the places are no array")?.iter().map(feature).collect())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().collect();
    let option = |name: &str| args.iter().position(|arg| arg == name).and_then(|i| args.get(i + 1));
    let features = load(option("--places").ok_or("--places is missing")?)?;
    let port = option("--port").ok_or("--port is missing")?;
    let by_point = features.iter().enumerate().map(|(i, f)| (at(&f.location.unwrap_or_default()), i)).collect();
    let world = World { features: Arc::new(features), by_point, notes: Arc::default() };
    let mut builder = Server::builder();
    if let (Some(cert), Some(key)) = (option("--tls-cert"), option("--tls-key")) {
        let identity = Identity::from_pem(std::fs::read(cert)?, std::fs::read(key)?);
        builder = builder.tls_config(ServerTlsConfig::new().identity(identity))?;
    }
    builder.add_service(RouteGuideServer::new(world)).serve(format!("127.0.0.1:{port}").parse()?).await?;
    Ok(())
}
