// Builds the tree of a document; what is refused is in document_checks.cc.
#include "config/document_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "config/quotes.h"

namespace trunkgate {
namespace {

constexpr int kMaxLinesBack = 50;
constexpr std::size_t kShownKey = 60;

std::size_t offset_of(const YAML::Mark& mark) {
  return static_cast<std::size_t>(std::max(mark.pos, 0));
}

bool is_flow(YAML::EmitterStyle::value style) { return style == YAML::EmitterStyle::Flow; }

}  // namespace

char DocumentBuilder::byte_at(std::size_t offset) const {
  return offset < source_.text().size() ? source_.text()[offset] : '\0';
}

bool DocumentBuilder::expects_key() const {
  return !frames_.empty() && frames_.back().node.kind == Node::Kind::map && !frames_.back().has_key;
}

Node DocumentBuilder::take() {
  while (!frames_.empty()) {
    Node unfinished = std::move(frames_.back().node);
    frames_.pop_back();
    if (!expects_key()) place(std::move(unfinished), std::string::npos);
  }
  return std::move(root_);
}

void DocumentBuilder::OnDocumentStart(const YAML::Mark& mark) {
  const std::size_t offset = offset_of(mark);
  if (!started_) {
    started_ = true;
    root_.where = source_.at(offset, offset);
    return;
  }
  const bool marked = std::string_view(source_.text()).substr(offset, 3) == "---";
  diagnostics_.error(source_.at(offset, marked ? offset + 3 : source_.line_end(offset)),
                     marked ? "a second document starts here; only one is allowed"
                            : "this stands after the end of the document",
                     marked ? "" : "do all top-level keys start in the same column?");
  throw Stop{};
}

void DocumentBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const std::size_t offset = offset_of(mark);
  count_node(offset);
  if (anchor != 0) check_properties(offset);
  check_root(false, offset);
  Node node;
  node.where = null_place(offset);
  const bool in_flow_list =
      !frames_.empty() && frames_.back().flow && frames_.back().node.kind == Node::Kind::sequence;
  if (in_flow_list && byte_at(offset) == ',') {
    diagnostics_.error(node.where, "an item is missing before this ','");
  }
  place(std::move(node), offset);
}

void DocumentBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t) {
  const std::size_t offset = offset_of(mark);
  count_node(offset);
  check_properties(offset);
  check_root(false, offset);
  Node node = scalar(offset, "");
  place(std::move(node), offset);
}

void DocumentBuilder::OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                               const std::string& value) {
  const std::size_t offset = offset_of(mark);
  count_node(offset);
  check_indentation(offset);
  check_properties(offset);
  Node node = scalar(offset, value);
  check_root(false, offset);
  place(std::move(node), offset);
}

void DocumentBuilder::OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                                      YAML::EmitterStyle::value style) {
  open(Node::Kind::sequence, offset_of(mark), is_flow(style));
}

void DocumentBuilder::OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                                 YAML::EmitterStyle::value style) {
  open(Node::Kind::map, offset_of(mark), is_flow(style));
}

Node DocumentBuilder::scalar(std::size_t offset, const std::string& value) {
  Node node;
  node.kind = Node::Kind::scalar;
  node.text = value;
  std::size_t end = offset + 1;
  switch (byte_at(offset)) {
    case '"':
    case '\'': {
      const std::optional<std::size_t> closed = quote_end(source_.text(), offset);
      if (!closed) {
        diagnostics_.error(source_.at(offset, source_.line_end(offset)),
                           "this quote is not closed on its line");
        throw Stop{};
      }
      end = *closed;
      node.quoted = true;
      break;
    }
    case '|':
    case '>':
      end = source_.text().find_first_of(" \t\r\n", offset);
      node.quoted = true;
      break;
    case '!':
    case '&':
    case '*':
      break;  // reported as a tag, anchor or alias
    default:
      end = plain_end(offset, value);
  }
  node.where = source_.at(offset, end);
  scalar_end_ = end;
  return node;
}

std::size_t DocumentBuilder::plain_end(std::size_t offset, const std::string& value) {
  const std::string_view text = source_.text();
  if (text.substr(offset, value.size()) == value) return offset + value.size();
  // Goes on over several lines: the first of them, without a comment.
  const std::size_t line_end = source_.line_end(offset);
  check_continuation(line_end);
  std::string_view line = text.substr(offset, line_end - offset);
  line = line.substr(0, line.find(" #"));
  return offset + line.find_last_not_of(" \t\r") + 1;
}

bool DocumentBuilder::is_null_word(std::size_t offset) const {
  const std::string_view rest = std::string_view(source_.text()).substr(offset);
  constexpr std::array<std::string_view, 4> kWords = {"~", "null", "Null", "NULL"};
  const auto word = std::find_if(kWords.begin(), kWords.end(),
                                 [&](std::string_view w) { return rest.substr(0, w.size()) == w; });
  if (word == kWords.end()) return false;
  if (rest.size() > word->size() &&
      std::string_view(" \t\r\n,]}:").find(rest[word->size()]) == std::string_view::npos) {
    return false;
  }
  // Before a colon it is the next key: yaml-cpp marks an absent value where the next token begins.
  const std::size_t next = rest.find_first_not_of(" \t", word->size());
  return next == std::string_view::npos || rest[next] != ':';
}

Location DocumentBuilder::null_place(std::size_t offset) const {
  if (offset < source_.text().size() && is_null_word(offset)) {
    return source_.at(offset, offset + (byte_at(offset) == '~' ? 1 : 4));
  }
  if (!frames_.empty()) {
    const Frame& frame = frames_.back();
    if (frame.has_key) return frame.entry.key_where;
    if (frame.node.kind == Node::Kind::sequence && !frame.flow) return empty_item_place(offset);
  }
  return source_.at(offset, offset + 1);
}

// The dash of an item without a value. Its mark is that of the next token, lines further down.
Location DocumentBuilder::empty_item_place(std::size_t offset) const {
  const std::string& text = source_.text();
  std::size_t end = std::min(offset, text.size());
  for (int lines = 0; end > 0 && lines < kMaxLinesBack; ++lines) {
    const std::size_t begin = source_.line_begin(end - 1);
    std::size_t first = text.find_first_not_of(" \t", begin);
    if (first != std::string::npos && first < end && text[first] == '-') {
      std::size_t next = text.find_first_not_of(" \t", first + 1);
      while (next < end && text[next] == '-') {
        first = next;
        next = text.find_first_not_of(" \t", first + 1);
      }
      return source_.at(first, first + 1);
    }
    end = begin;
  }
  return source_.at(offset, offset + 1);
}

void DocumentBuilder::open(Node::Kind kind, std::size_t offset, bool flow) {
  count_node(offset);
  check_indentation(offset);
  check_properties(offset);
  check_root(kind == Node::Kind::map && !flow, offset);
  if (frames_.size() == kMaxDocumentDepth) {
    diagnostics_.error(source_.at(offset, offset + 1),
                       fmt::format("nested deeper than {} levels", kMaxDocumentDepth));
    throw Stop{};
  }
  Frame frame;
  frame.node.kind = kind;
  frame.node.where = source_.at(offset, offset + 1);
  frame.flow = flow;
  frames_.push_back(std::move(frame));
}

void DocumentBuilder::close() {
  Node node = std::move(frames_.back().node);
  frames_.pop_back();
  place(std::move(node), std::string::npos);
}

void DocumentBuilder::place(Node node, std::size_t offset) {
  if (frames_.empty()) {
    root_ = std::move(node);
    return;
  }
  Frame& frame = frames_.back();
  if (frame.node.kind == Node::Kind::sequence) {
    frame.node.items.push_back(std::move(node));
  } else if (!frame.has_key) {
    set_key(frame, node, offset);
  } else {
    frame.has_key = false;
    if (frame.dropped) return;
    frame.entry.value = std::move(node);
    frame.node.entries.push_back(std::move(frame.entry));
  }
}

void DocumentBuilder::set_key(Frame& frame, const Node& node, std::size_t offset) {
  frame.has_key = true;
  frame.dropped = true;
  frame.entry = Entry{node.text, node.where, {}};
  if (node.kind != Node::Kind::scalar) {
    diagnostics_.error(node.where,
                       node.kind == Node::Kind::null
                           ? "a key is missing here"
                           : fmt::format("a key must be text, not {}", to_string(node.kind)));
    return;
  }
  const char first = byte_at(offset);
  if (first == '|' || first == '>') {
    diagnostics_.error(node.where, "a key must be text on one line");
    return;
  }
  if (node.text == "<<" && !node.quoted) {
    diagnostics_.error(node.where, "merge keys are not allowed", "write the keys out");
    return;
  }
  if (!check_key_form(node, offset)) return;
  const auto [known, added] = frame.key_lines.emplace(node.text, node.where.line);
  if (!added) {
    diagnostics_.error(node.where, fmt::format("key '{}' is given twice; the first is on line {}",
                                               printable(node.text, kShownKey), known->second));
    return;
  }
  frame.dropped = false;
}

}  // namespace trunkgate
