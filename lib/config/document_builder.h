// Builds the tree of a document from yaml-cpp's events. Private to config/document*.cc.
#pragma once

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/mark.h>

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "config/document.h"
#include "config/source_index.h"

namespace trunkgate {

class DocumentBuilder final : public YAML::EventHandler {
 public:
  // Thrown through yaml-cpp when reading on makes no sense; the mistake has been reported.
  struct Stop {};

  enum class Root { block_map, any };

  DocumentBuilder(const SourceIndex& source, Diagnostics& diagnostics, Root root)
      : source_(source), diagnostics_(diagnostics), root_kind_(root) {}

  bool started() const { return started_; }
  // The tree as far as it was read.
  Node take();

  void OnDocumentStart(const YAML::Mark& mark) override;
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override { close(); }

 private:
  // A list or map that is being read.
  struct Frame {
    Node node;
    bool flow = false;
    bool has_key = false;  // of a map: `entry` waits for its value
    bool dropped = false;  // that value belongs to a key with a mistake
    Entry entry;
    std::unordered_map<std::string, std::size_t> key_lines;
  };

  char byte_at(std::size_t offset) const;
  bool expects_key() const;
  Node scalar(std::size_t offset, const std::string& value);
  std::size_t plain_end(std::size_t offset, const std::string& value);
  Location null_place(std::size_t offset) const;
  Location empty_item_place(std::size_t offset) const;
  bool is_null_word(std::size_t offset) const;
  void open(Node::Kind kind, std::size_t offset, bool flow);
  void close();
  void place(Node node, std::size_t offset);
  void set_key(Frame& frame, const Node& node, std::size_t offset);
  bool check_key_form(const Node& key, std::size_t offset);
  void check_continuation(std::size_t line_end);
  void check_root(bool block_map, std::size_t offset);
  void check_properties(std::size_t offset);
  void check_indentation(std::size_t offset);
  void count_node(std::size_t offset);

  const SourceIndex& source_;
  Diagnostics& diagnostics_;
  Root root_kind_;
  bool started_ = false;
  Node root_;
  std::vector<Frame> frames_;
  std::size_t nodes_ = 0;
  std::size_t scalar_end_ = 0;
  std::size_t properties_until_ = 0;
  std::size_t checked_line_ = 0;
};

}  // namespace trunkgate
