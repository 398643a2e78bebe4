// RouteGuide on gRPC C++, its callback API, all settings at their defaults:
//     --places FILE --port N [--tls-cert FILE --tls-key FILE]
#include <google/protobuf/util/json_util.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <deque>
#include <fstream>
#include <iostream>
#include <memory>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "routeguide/route_guide.grpc.pb.h"

namespace {

using grpc::CallbackServerContext;
using grpc::Status;
using routeguide::Feature;
using routeguide::Point;
using routeguide::Rectangle;
using routeguide::RouteNote;
using routeguide::RouteSummary;

// Notes kept at one point; the oldest go first.
constexpr size_t kNotesAtPoint = 64;
constexpr double kEarthRadiusMetres = 6'371'000;

// A point as the key of a hash map.
uint64_t At(const Point& point) {
  return static_cast<uint64_t>(static_cast<uint32_t>(point.latitude())) << 32 |
         static_cast<uint32_t>(point.longitude());
}

double Radians(int32_t e7) { return e7 / 1e7 * M_PI / 180; }

// The haversine formula.
double DistanceMetres(const Point& from, const Point& to) {
  const double sin_latitude = std::sin((Radians(to.latitude()) - Radians(from.latitude())) / 2);
  const double sin_longitude = std::sin((Radians(to.longitude()) - Radians(from.longitude())) / 2);
  const double cosines = std::cos(Radians(from.latitude())) * std::cos(Radians(to.latitude()));
  const double a = sin_latitude * sin_latitude + cosines * sin_longitude * sin_longitude;
  return 2 * kEarthRadiusMetres * std::asin(std::sqrt(std::min(1.0, a)));
}

// What all calls share.
class World {
 public:
  explicit World(std::vector<Feature> features) : features_(std::move(features)) {
    for (const Feature& feature : features_) by_point_.emplace(At(feature.location()), &feature);
  }

  const std::vector<Feature>& features() const { return features_; }

  const Feature* Find(const Point& point) const {
    const auto found = by_point_.find(At(point));
    return found == by_point_.end() ? nullptr : found->second;
  }

  // Keeps a note, and returns all notes at its point.
  std::deque<RouteNote> Post(RouteNote note) {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::deque<RouteNote>& notes = notes_[At(note.location())];
    notes.push_back(std::move(note));
    if (notes.size() > kNotesAtPoint) notes.pop_front();
    return notes;
  }

 private:
  const std::vector<Feature> features_;
  std::unordered_map<uint64_t, const Feature*> by_point_;
  std::mutex mutex_;
  std::unordered_map<uint64_t, std::deque<RouteNote>> notes_;
};

class Lister final : public grpc::ServerWriteReactor<Feature> {
 public:
  Lister(const World& world, const Rectangle& area)
      : next_(world.features().begin()),
        end_(world.features().end()),
        south_(std::min(area.lo().latitude(), area.hi().latitude())),
        north_(std::max(area.lo().latitude(), area.hi().latitude())),
        west_(std::min(area.lo().longitude(), area.hi().longitude())),
        east_(std::max(area.lo().longitude(), area.hi().longitude())) {
    // On its own, because what is written with a hint waits for more, and a head that goes with it would do so for ever.
    StartSendInitialMetadata();
  }

  void OnSendInitialMetadataDone(bool ok) override { OnWriteDone(ok); }

  void OnWriteDone(bool ok) override {
    if (ok) WriteNext();
    else Finish(Status(grpc::StatusCode::CANCELLED, "the client has gone"));
  }

  void OnDone() override { delete this; }

 private:
  void WriteNext() {
    const auto inside = [this](const Feature& feature) {
      const Point& point = feature.location();
      return point.latitude() >= south_ && point.latitude() <= north_ && point.longitude() >= west_ &&
             point.longitude() <= east_;
    };
    next_ = std::find_if(next_, end_, inside);
    if (next_ == end_) {
      Finish(Status::OK);
      return;
    }
    const Feature& feature = *next_++;
    // Else each feature is a packet of its own.
    StartWrite(&feature, grpc::WriteOptions().set_buffer_hint());
  }

  std::vector<Feature>::const_iterator next_;
  const std::vector<Feature>::const_iterator end_;
  const int32_t south_, north_, west_, east_;
};

class Recorder final : public grpc::ServerReadReactor<Point> {
 public:
  Recorder(const World& world, RouteSummary* summary) : world_(world), summary_(summary) { StartRead(&point_); }

  void OnReadDone(bool ok) override {
    if (!ok) {
      summary_->set_distance(static_cast<int32_t>(std::lround(metres_)));
      const auto elapsed = std::chrono::steady_clock::now() - started_;
      summary_->set_elapsed_time(std::chrono::duration_cast<std::chrono::seconds>(elapsed).count());
      Finish(Status::OK);
      return;
    }
    if (world_.Find(point_) != nullptr) summary_->set_feature_count(summary_->feature_count() + 1);
    if (summary_->point_count() > 0) metres_ += DistanceMetres(before_, point_);
    summary_->set_point_count(summary_->point_count() + 1);
    before_ = point_;
    StartRead(&point_);
  }

  void OnDone() override { delete this; }

 private:
  const World& world_;
  RouteSummary* const summary_;
  const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  Point point_, before_;
  double metres_ = 0;
};

// Reads a note, writes all notes at its point, and reads the next.
class Chatter final : public grpc::ServerBidiReactor<RouteNote, RouteNote> {
 public:
  explicit Chatter(World* world) : world_(world) { StartRead(&note_); }

  void OnReadDone(bool ok) override {
    if (!ok) {
      Finish(Status::OK);
      return;
    }
    replies_ = world_->Post(note_);
    StartWrite(&replies_.front());
  }

  void OnWriteDone(bool ok) override {
    if (!ok) {
      Finish(Status(grpc::StatusCode::CANCELLED, "the client has gone"));
      return;
    }
    replies_.pop_front();
    if (replies_.empty()) StartRead(&note_);
    else StartWrite(&replies_.front());
  }

  void OnDone() override { delete this; }

 private:
  World* const world_;
  RouteNote note_;
  std::deque<RouteNote> replies_;
};

class Service final : public routeguide::RouteGuide::CallbackService {
 public:
  explicit Service(World* world) : world_(world) {}

  grpc::ServerUnaryReactor* GetFeature(CallbackServerContext* context, const Point* point, Feature* feature) override {
    const Feature* found = world_->Find(*point);
    if (found != nullptr) *feature = *found;
    else *feature->mutable_location() = *point;
    auto* reactor = context->DefaultReactor();
    reactor->Finish(Status::OK);
    return reactor;
  }

  grpc::ServerWriteReactor<Feature>* ListFeatures(CallbackServerContext*, const Rectangle* area) override {
    return new Lister(*world_, *area);
  }

  grpc::ServerReadReactor<Point>* RecordRoute(CallbackServerContext*, RouteSummary* summary) override {
    return new Recorder(*world_, summary);
  }

  grpc::ServerBidiReactor<RouteNote, RouteNote>* RouteChat(CallbackServerContext*) override {
    return new Chatter(world_);
  }

 private:
  World* const world_;
};

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// Each object of the array on its own: protobuf's JSON knows messages, and no message here is a list of features.
std::vector<Feature> Load(const std::string& path) {
  const std::string text = ReadFile(path);
  std::vector<Feature> features;
  int depth = 0;
  bool quoted = false;
  size_t start = 0;
  for (size_t i = 0; i < text.size(); i++) {
    if (quoted && text[i] == '\\') {
      i++;
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if (!quoted && text[i] == '{' && depth++ == 0) {
      start = i;
    } else if (!quoted && text[i] == '}' && --depth == 0) {
      Feature feature;
      const auto status =
          google::protobuf::util::JsonStringToMessage(text.substr(start, i + 1 - start), &feature);
      if (!status.ok()) throw std::runtime_error(status.ToString());
      features.push_back(std::move(feature));
    }
  }
  return features;
}

std::shared_ptr<grpc::ServerCredentials> Credentials(const std::unordered_map<std::string, std::string>& options) {
  if (options.count("--tls-cert") == 0) return grpc::InsecureServerCredentials();
  grpc::SslServerCredentialsOptions tls;
  tls.pem_key_cert_pairs.push_back({ReadFile(options.at("--tls-key")), ReadFile(options.at("--tls-cert"))});
  return grpc::SslServerCredentials(tls);
}

}  // namespace

int main(int argc, char** argv) {
  std::unordered_map<std::string, std::string> options;
  for (int i = 1; i + 1 < argc; i += 2) options[argv[i]] = argv[i + 1];
  World world(Load(options.at("--places")));
  Service service(&world);
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:" + options.at("--port"), Credentials(options));
  builder.RegisterService(&service);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) {
    std::cerr << "cannot listen on port " << options.at("--port") << "\n";
    return 1;
  }
  server->Wait();
}
