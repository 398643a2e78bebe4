"""Makes all four calls with Python's grpcio, and fails if an answer is wrong. Usage: client.py ADDRESS"""

import sys
import threading

import grpc
from routeguide import route_guide_pb2 as pb
from routeguide import route_guide_pb2_grpc as rpc

CORNER = pb.Point(latitude=400_000_000, longitude=-750_000_000)


def fails(call, code):
    try:
        call()
    except grpc.RpcError as error:
        assert error.code() == code, error
        return error
    raise AssertionError(f"expected {code}")


def calls(stub):
    assert stub.GetFeature(CORNER).name == "On the corner"
    assert stub.GetFeature(pb.Point(latitude=1)).name == ""
    error = fails(lambda: stub.GetFeature(pb.Point(latitude=900_000_001)), grpc.StatusCode.INVALID_ARGUMENT)
    assert any(key == "grpc-status-details-bin" for key, _ in error.trailing_metadata())

    hi = pb.Point(latitude=420_000_000, longitude=-730_000_000)
    assert len(list(stub.ListFeatures(pb.Rectangle(lo=CORNER, hi=hi)))) == 3

    summary = stub.RecordRoute(iter([CORNER] * 1000))
    assert (summary.point_count, summary.feature_count, summary.distance) == (1000, 1000, 0)

    notes = [pb.RouteNote(location=pb.Point(latitude=i), message="python") for i in range(100)]
    assert len(list(stub.RouteChat(iter(notes)))) >= 100

    deadline_passes(stub)


def deadline_passes(stub):
    """A chat that stays open ends at its deadline, whatever was heard before."""
    done = threading.Event()

    def notes():
        yield pb.RouteNote(location=pb.Point(latitude=-1), message="python")
        done.wait()

    replies = stub.RouteChat(notes(), timeout=0.3)
    assert next(replies).location.latitude == -1
    fails(lambda: list(replies), grpc.StatusCode.DEADLINE_EXCEEDED)
    done.set()


def main():
    address = sys.argv[1]
    for compression in (grpc.Compression.NoCompression, grpc.Compression.Gzip, grpc.Compression.Deflate):
        with grpc.insecure_channel(address, compression=compression) as channel:
            calls(rpc.RouteGuideStub(channel))


main()
