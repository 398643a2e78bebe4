// RouteGuide on grpc-go, all settings at their defaults: --places FILE --port N [--tls-cert FILE --tls-key FILE].
// The generated code is the one of gRPC's tutorial.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"math"
	"net"
	"os"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	pb "google.golang.org/grpc/examples/route_guide/routeguide"
)

// notesAtPoint is how many notes are kept at one point; the oldest go first.
const notesAtPoint = 64

const earthRadiusMetres = 6_371_000

type point struct{ latitude, longitude int32 }

func at(p *pb.Point) point { return point{p.GetLatitude(), p.GetLongitude()} }

type server struct {
	pb.UnimplementedRouteGuideServer
	features []*pb.Feature
	byPoint  map[point]*pb.Feature
	mutex    sync.Mutex
	notes    map[point][]*pb.RouteNote
}

func (s *server) GetFeature(_ context.Context, p *pb.Point) (*pb.Feature, error) {
	if feature, ok := s.byPoint[at(p)]; ok {
		return feature, nil
	}
	return &pb.Feature{Location: p}, nil
}

func (s *server) ListFeatures(area *pb.Rectangle, stream grpc.ServerStreamingServer[pb.Feature]) error {
	lo, hi := at(area.GetLo()), at(area.GetHi())
	south, north := min(lo.latitude, hi.latitude), max(lo.latitude, hi.latitude)
	west, east := min(lo.longitude, hi.longitude), max(lo.longitude, hi.longitude)
	for _, feature := range s.features {
		p := at(feature.Location)
		if p.latitude < south || p.latitude > north || p.longitude < west || p.longitude > east {
			continue
		}
		if err := stream.Send(feature); err != nil {
			return err
		}
	}
	return nil
}

func (s *server) RecordRoute(stream grpc.ClientStreamingServer[pb.Point, pb.RouteSummary]) error {
	started := time.Now()
	var before *pb.Point
	var summary pb.RouteSummary
	var metres float64
	for {
		p, err := stream.Recv()
		if err == io.EOF {
			summary.Distance = int32(math.Round(metres))
			summary.ElapsedTime = int32(time.Since(started).Seconds())
			return stream.SendAndClose(&summary)
		}
		if err != nil {
			return err
		}
		summary.PointCount++
		if _, ok := s.byPoint[at(p)]; ok {
			summary.FeatureCount++
		}
		if before != nil {
			metres += distanceMetres(at(before), at(p))
		}
		before = p
	}
}

func (s *server) RouteChat(stream grpc.BidiStreamingServer[pb.RouteNote, pb.RouteNote]) error {
	for {
		note, err := stream.Recv()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		for _, kept := range s.post(note) {
			if err := stream.Send(kept); err != nil {
				return err
			}
		}
	}
}

// post keeps a note and returns all notes at its point, which nobody changes afterwards.
func (s *server) post(note *pb.RouteNote) []*pb.RouteNote {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	where := at(note.GetLocation())
	notes := append(s.notes[where], note)
	if len(notes) > notesAtPoint {
		notes = notes[1:]
	}
	s.notes[where] = notes
	return notes
}

// distanceMetres is the haversine formula.
func distanceMetres(from, to point) float64 {
	radians := func(e7 int32) float64 { return float64(e7) / 1e7 * math.Pi / 180 }
	sinLatitude := math.Sin((radians(to.latitude) - radians(from.latitude)) / 2)
	sinLongitude := math.Sin((radians(to.longitude) - radians(from.longitude)) / 2)
	cosines := math.Cos(radians(from.latitude)) * math.Cos(radians(to.latitude))
	a := sinLatitude*sinLatitude + cosines*sinLongitude*sinLongitude
	return 2 * earthRadiusMetres * math.Asin(math.Sqrt(min(1, a)))
}

func load(file string) []*pb.Feature {
	content, err := os.ReadFile(file)
	if err != nil {
		log.Fatal(err)
	}
	var features []*pb.Feature
	if err := json.Unmarshal(content, &features); err != nil {
		log.Fatal(err)
	}
	return features
}

func main() {
	places := flag.String("places", "", "JSON file of features")
	port := flag.Int("port", 50051, "port of 127.0.0.1")
	cert := flag.String("tls-cert", "", "PEM file; without it, cleartext")
	key := flag.String("tls-key", "", "PEM file")
	flag.Parse()
	s := &server{features: load(*places), byPoint: map[point]*pb.Feature{}, notes: map[point][]*pb.RouteNote{}}
	for _, feature := range s.features {
		s.byPoint[at(feature.Location)] = feature
	}
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", *port))
	if err != nil {
		log.Fatal(err)
	}
	var options []grpc.ServerOption
	if *cert != "" {
		tls, err := credentials.NewServerTLSFromFile(*cert, *key)
		if err != nil {
			log.Fatal(err)
		}
		options = append(options, grpc.Creds(tls))
	}
	grpcServer := grpc.NewServer(options...)
	pb.RegisterRouteGuideServer(grpcServer, s)
	log.Fatal(grpcServer.Serve(listener))
}
