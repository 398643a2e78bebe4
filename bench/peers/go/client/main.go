// The client of grpc-go under measurement, all settings at their defaults. It repeats one call on several workers over one
// connection, and prints what it moved and what that cost as a line of JSON; it fails if a reply is wrong.
//
//	--port N --mode get|list|record|chat --concurrency C --seconds S --warmup W
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"math/rand"
	"os"
	"slices"
	"sync"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	pb "google.golang.org/grpc/examples/route_guide/routeguide"
)

const routePoints = 20_000

// note is what the notes of a chat say.
const note = "Slow traffic ahead"

// known is a place that the server under the load knows.
var known = &pb.Point{Latitude: 409146138, Longitude: -746188906}
var everywhere = &pb.Rectangle{
	Lo: &pb.Point{Latitude: -900_000_000, Longitude: -1_800_000_000},
	Hi: &pb.Point{Latitude: 900_000_000, Longitude: 1_800_000_000},
}

// A work moves messages until the time is over, and returns how many; took is told the time of each call.
type work func(client pb.RouteGuideClient, isOver func() bool, took func(time.Duration)) int

var modes = map[string]work{"get": get, "list": list, "record": record, "chat": chat}

func get(client pb.RouteGuideClient, isOver func() bool, took func(time.Duration)) int {
	calls := 0
	for ; !isOver(); calls++ {
		started := time.Now()
		feature, err := client.GetFeature(context.Background(), known)
		check(err)
		took(time.Since(started))
		if feature.GetName() == "" {
			log.Fatal("GetFeature: the known point has no name")
		}
	}
	return calls
}

func list(client pb.RouteGuideClient, isOver func() bool, _ func(time.Duration)) int {
	features := 0
	for !isOver() {
		stream, err := client.ListFeatures(context.Background(), everywhere)
		check(err)
		before := features
		for {
			_, err := stream.Recv()
			if err == io.EOF {
				break
			}
			check(err)
			features++
		}
		if features == before {
			log.Fatal("ListFeatures: the world is empty")
		}
	}
	return features
}

func record(client pb.RouteGuideClient, isOver func() bool, _ func(time.Duration)) int {
	sent := 0
	for ; !isOver(); sent += routePoints {
		stream, err := client.RecordRoute(context.Background())
		check(err)
		for i := range int32(routePoints) {
			check(stream.Send(&pb.Point{Latitude: 400_000_000 + i, Longitude: -740_000_000 - i}))
		}
		summary, err := stream.CloseAndRecv()
		check(err)
		if summary.GetPointCount() != routePoints {
			log.Fatalf("RecordRoute: %d points, expected %d", summary.GetPointCount(), routePoints)
		}
	}
	return sent
}

func chat(client pb.RouteGuideClient, isOver func() bool, _ func(time.Duration)) int {
	latitude := rand.Int31n(890_000_000)
	stream, err := client.RouteChat(context.Background())
	check(err)
	turns := 0
	for ; !isOver(); turns++ {
		where := &pb.Point{Latitude: latitude, Longitude: int32(turns)}
		check(stream.Send(&pb.RouteNote{Location: where, Message: note}))
		reply, err := stream.Recv()
		check(err)
		place := reply.GetLocation()
		if place.GetLatitude() != latitude || place.GetLongitude() != int32(turns) || reply.GetMessage() != note {
			log.Fatal("RouteChat did not send the note back")
		}
	}
	check(stream.CloseSend())
	_, err = stream.Recv()
	if err != io.EOF {
		log.Fatal("RouteChat: it does not end: ", err)
	}
	return turns
}

// run lets the workers work for so many seconds, and returns what they moved together.
func run(do work, client pb.RouteGuideClient, workers int, seconds float64, took func(time.Duration)) int {
	end := time.Now().Add(time.Duration(seconds * float64(time.Second)))
	isOver := func() bool { return !time.Now().Before(end) }
	moved := make([]int, workers)
	var group sync.WaitGroup
	for i := range workers {
		group.Add(1)
		go func() {
			defer group.Done()
			moved[i] = do(client, isOver, took)
		}()
	}
	group.Wait()
	sum := 0
	for _, count := range moved {
		sum += count
	}
	return sum
}

// cpuSeconds is what this process has used, user and kernel time together.
func cpuSeconds() float64 {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()).Seconds()
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() {
	port := flag.Int("port", 50051, "port of 127.0.0.1")
	mode := flag.String("mode", "get", "get, list, record or chat")
	workers := flag.Int("concurrency", 1, "calls at a time")
	seconds := flag.Float64("seconds", 1, "time that is measured")
	warmup := flag.Float64("warmup", 0.5, "time before it")
	flag.Parse()
	do, ok := modes[*mode]
	if !ok {
		log.Fatalf("--mode is %q: expected get, list, record or chat", *mode)
	}
	insecurely := grpc.WithTransportCredentials(insecure.NewCredentials())
	connection, err := grpc.NewClient(fmt.Sprintf("127.0.0.1:%d", *port), insecurely)
	check(err)
	client := pb.NewRouteGuideClient(connection)
	run(do, client, *workers, *warmup, func(time.Duration) {})

	var times []time.Duration
	took := func(time.Duration) {}
	if *workers == 1 {
		took = func(call time.Duration) { times = append(times, call) }
	}
	started, before := time.Now(), cpuSeconds()
	messages := run(do, client, *workers, *seconds, took)
	sample := map[string]any{
		"messages":   messages,
		"seconds":    time.Since(started).Seconds(),
		"cpuSeconds": cpuSeconds() - before,
	}
	if len(times) > 0 {
		slices.Sort(times)
		at := func(share float64) float64 {
			return float64(times[int(float64(len(times))*share)].Nanoseconds()) / 1000
		}
		sample["p50Us"], sample["p99Us"] = at(0.5), at(0.99)
	}
	check(json.NewEncoder(os.Stdout).Encode(sample))
}
