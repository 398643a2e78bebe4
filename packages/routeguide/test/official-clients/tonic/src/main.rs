//! Makes all four calls as tonic's own RouteGuide client does, and fails if an answer is wrong. Usage: route-guide-tonic URL
use tokio_stream::{Stream, StreamExt};
use tonic::{Code, Request, codec::CompressionEncoding, transport::Channel};

mod pb {
    tonic::include_proto!("routeguide");
}
use pb::{Point, Rectangle, RouteNote, route_guide_client::RouteGuideClient};

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// More than h2 takes in small unread frames before it says too_many_data_frames.
const MANY: usize = 20_000;
const CORNER: Point = Point { latitude: 400_000_000, longitude: -750_000_000 };

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let url = std::env::args().nth(1).ok_or("usage: route-guide-tonic URL")?;
    let channel = Channel::from_shared(url)?.connect().await?;
    calls(RouteGuideClient::new(channel.clone())).await?;
    let compressing = RouteGuideClient::new(channel);
    calls(compressing.send_compressed(CompressionEncoding::Gzip).accept_compressed(CompressionEncoding::Gzip)).await
}

async fn calls(mut client: RouteGuideClient<Channel>) -> Outcome {
    let feature = client.get_feature(CORNER).await?.into_inner();
    assert_eq!(feature.name, "On the corner");

    let far = Point { latitude: 900_000_001, longitude: 0 };
    let status = client.get_feature(far).await.expect_err("a point beyond the pole");
    assert_eq!(status.code(), Code::InvalidArgument);
    assert!(!status.details().is_empty());

    let hi = Point { latitude: 420_000_000, longitude: -730_000_000 };
    let rectangle = Rectangle { lo: Some(CORNER), hi: Some(hi) };
    let features: Vec<_> = client.list_features(rectangle).await?.into_inner().collect::<Result<_, _>>().await?;
    assert_eq!(features.len(), 3);

    let summary = client.record_route(tokio_stream::iter(vec![CORNER; MANY])).await?.into_inner();
    assert_eq!((summary.point_count, summary.feature_count, summary.distance), (MANY as i32, MANY as i32, 0));

    let notes = tokio_stream::iter((0..MANY as i32).map(|i| note(i, "tonic")));
    let mut replies = client.route_chat(Request::new(notes)).await?.into_inner();
    let mut heard = 0;
    while let Some(reply) = replies.next().await {
        assert_eq!(reply?.message, "tonic");
        heard += 1;
    }
    assert!(heard >= MANY);
    talk(&mut client, patient()).await
}

/// Waits for the response headers before its first note: a server that sends them with its first reply would never answer.
async fn talk(client: &mut RouteGuideClient<Channel>, notes: Notes) -> Outcome {
    let (sender, receiver) = notes;
    let mut replies = client.route_chat(receiver).await?.into_inner();
    sender.send(note(-1, "first"))?;
    assert_eq!(replies.next().await.ok_or("no reply")??.location, note(-1, "").location);
    Ok(())
}

type Notes = (tokio::sync::mpsc::UnboundedSender<RouteNote>, std::pin::Pin<Box<dyn Stream<Item = RouteNote> + Send>>);

fn patient() -> Notes {
    let (sender, receiver) = tokio::sync::mpsc::unbounded_channel();
    (sender, Box::pin(tokio_stream::wrappers::UnboundedReceiverStream::new(receiver)))
}

fn note(latitude: i32, message: &str) -> RouteNote {
    RouteNote { location: Some(Point { latitude, longitude: 7 }), message: message.to_owned() }
}
