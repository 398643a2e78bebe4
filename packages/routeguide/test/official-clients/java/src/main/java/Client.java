import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import routeguide.RouteGuideGrpc;
import routeguide.RouteGuideOuterClass.Point;
import routeguide.RouteGuideOuterClass.Rectangle;
import routeguide.RouteGuideOuterClass.RouteNote;
import routeguide.RouteGuideOuterClass.RouteSummary;

/** Makes all four calls with grpc-java, and fails if an answer is wrong. Usage: Client ADDRESS */
public final class Client {
  private static final Point CORNER = point(400_000_000, -750_000_000);
  private static final int POINTS = 20_000;

  public static void main(String[] args) throws Exception {
    ManagedChannel channel = NettyChannelBuilder.forTarget(args[0]).usePlaintext().build();
    try {
      calls(RouteGuideGrpc.newBlockingStub(channel), RouteGuideGrpc.newStub(channel));
      calls(
          RouteGuideGrpc.newBlockingStub(channel).withCompression("gzip"),
          RouteGuideGrpc.newStub(channel).withCompression("gzip"));
    } finally {
      channel.shutdownNow().awaitTermination(5, SECONDS);
    }
  }

  private static void calls(RouteGuideGrpc.RouteGuideBlockingStub blocking, RouteGuideGrpc.RouteGuideStub stub)
      throws Exception {
    check(blocking.getFeature(CORNER).getName().equals("On the corner"), "GetFeature finds the place");
    check(blocking.getFeature(point(1, 0)).getName().isEmpty(), "GetFeature finds no place where there is none");
    check(
        statusOf(() -> blocking.getFeature(point(900_000_001, 0))).getCode() == Status.Code.INVALID_ARGUMENT,
        "GetFeature refuses a point off the map");

    Rectangle box = Rectangle.newBuilder().setLo(CORNER).setHi(point(420_000_000, -730_000_000)).build();
    List<String> names = new ArrayList<>();
    blocking.listFeatures(box).forEachRemaining(feature -> names.add(feature.getName()));
    check(names.size() == 3, "ListFeatures finds three places, not " + names);

    RouteSummary summary =
        Answers.of((Answers<RouteSummary> answers) -> {
          StreamObserver<Point> route = stub.recordRoute(answers);
          for (int i = 0; i < POINTS; i++) route.onNext(CORNER);
          route.onCompleted();
          return null;
        }).get(0);
    check(summary.getPointCount() == POINTS && summary.getFeatureCount() == POINTS, "RecordRoute counts: " + summary);

    List<RouteNote> heard =
        Answers.of((Answers<RouteNote> answers) -> {
          StreamObserver<RouteNote> chat = stub.routeChat(answers);
          for (int i = 0; i < 100; i++) chat.onNext(note(i));
          chat.onCompleted();
          return null;
        });
    check(heard.size() >= 100, "RouteChat answers each note, not " + heard.size());

    Answers<RouteNote> late = new Answers<>();
    StreamObserver<RouteNote> open = stub.withDeadlineAfter(300, MILLISECONDS).routeChat(late);
    open.onNext(note(-1));
    check(
        statusOf(late::await).getCode() == Status.Code.DEADLINE_EXCEEDED, "a chat that stays open ends at its deadline");
  }

  private static Point point(int latitude, int longitude) {
    return Point.newBuilder().setLatitude(latitude).setLongitude(longitude).build();
  }

  private static RouteNote note(int latitude) {
    return RouteNote.newBuilder().setLocation(point(latitude, 0)).setMessage("java").build();
  }

  private static Status statusOf(Runnable call) {
    try {
      call.run();
    } catch (StatusRuntimeException error) {
      return error.getStatus();
    }
    return Status.OK;
  }

  private static void check(boolean isTrue, String what) {
    if (!isTrue) throw new AssertionError(what);
  }

  /** What a stream brings, until its end. */
  private static final class Answers<T> implements StreamObserver<T> {
    private final List<T> all = new ArrayList<>();
    private final CompletableFuture<List<T>> end = new CompletableFuture<>();

    static <T> List<T> of(Function<Answers<T>, Void> call) {
      Answers<T> answers = new Answers<>();
      call.apply(answers);
      return answers.await();
    }

    List<T> await() {
      try {
        return end.get(30, SECONDS);
      } catch (java.util.concurrent.ExecutionException error) {
        throw Status.fromThrowable(error.getCause()).asRuntimeException();
      } catch (Exception error) {
        throw new AssertionError(error);
      }
    }

    @Override
    public void onNext(T answer) {
      all.add(answer);
    }

    @Override
    public void onError(Throwable error) {
      end.completeExceptionally(error);
    }

    @Override
    public void onCompleted() {
      end.complete(all);
    }
  }
}
