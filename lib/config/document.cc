// Checks the bytes of a document, feeds them to yaml-cpp and collects what comes of it.
#include "config/document.h"

#include <fmt/format.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <optional>
#include <sstream>

#include "base/text.h"
#include "config/document_builder.h"
#include "config/document_syntax.h"
#include "config/source_index.h"

namespace trunkgate {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::optional<std::size_t> first_broken_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint point = next_code_point(text.substr(i));
    if (!point.valid) return i;
    i += point.size;
  }
  return std::nullopt;
}

// yaml-cpp takes U+0004 for the end of the file and stops reading there; a lone carriage return
// hides the rest of a line in a terminal.
std::optional<std::size_t> first_control(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool line_break = c == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    if (control && c != '\n' && c != '\t' && !line_break) return i;
  }
  return std::nullopt;
}

// A line that begins with '%' can be nothing but a directive, which yaml-cpp skips without a word.
std::optional<std::size_t> first_directive(std::string_view text) {
  if (!text.empty() && text.front() == '%') return 0;
  const std::size_t before = text.find("\n%");
  if (before == std::string_view::npos) return std::nullopt;
  return before + 1;
}

// False after a mistake that leaves nothing to parse.
bool check_bytes(const SourceIndex& source, Diagnostics& diagnostics) {
  const std::string_view text = source.text();
  if (const auto broken = first_broken_utf8(text)) {
    diagnostics.error(source.at(*broken, *broken + 1), "this byte is not UTF-8",
                      "save the file as UTF-8");
    return false;
  }
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
    diagnostics.error(source.at(0, 1), "the file begins with a byte order mark",
                      "save it as UTF-8 without one");
    return false;
  }
  if (const auto control = first_control(text)) {
    const auto code = static_cast<unsigned>(static_cast<unsigned char>(text[*control]));
    diagnostics.error(
        source.at(*control, *control + 1),
        text[*control] == '\r'
            ? "a carriage return must stand before a line feed"
            : fmt::format("control characters such as U+{:04X} are not allowed", code));
    return false;
  }
  if (const auto directive = first_directive(text)) {
    diagnostics.error(source.at(*directive, source.line_end(*directive)),
                      "lines that begin with '%' are not allowed");
    return false;
  }
  return true;
}

Node plain_scalar(std::string_view text) {
  Node node;
  node.kind = Node::Kind::scalar;
  node.text = trim(text);
  node.where.length = std::max<std::size_t>(1, node.text.size());
  return node;
}

// A default of nothing but words and commas needs no YAML parser, whose start costs more than all
// the rest of reading an option. Nothing when it might mean something else in YAML.
std::optional<Node> plain_default(std::string_view text) {
  const bool list = text.starts_with('[') && text.ends_with(']');
  const std::string_view inner = list ? text.substr(1, text.size() - 2) : text;
  const bool words = std::all_of(inner.begin(), inner.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ' ||
           c == '-' || c == '.' || c == '/' || c == '_' || (list && c == ',');
  });
  if (!words || inner.empty() || inner.front() == ' ' || inner.front() == '-') return std::nullopt;
  if (!list) return plain_scalar(text);
  Node node;
  node.kind = Node::Kind::sequence;
  for (std::string_view rest = inner; !rest.empty();) {
    const auto comma = rest.find(',');
    node.items.push_back(plain_scalar(rest.substr(0, comma)));
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
  }
  return node;
}

// The builder may have reported it before yaml-cpp stumbled over the same thing.
bool is_known(const Diagnostic& mistake, const Diagnostics& diagnostics) {
  return std::any_of(
      diagnostics.list().begin(), diagnostics.list().end(), [&](const Diagnostic& known) {
        return known.where.source == mistake.where.source &&
               known.where.line == mistake.where.line && known.message == mistake.message;
      });
}

Node build(const SourceIndex& source, DocumentBuilder::Root root, Diagnostics& diagnostics) {
  DocumentBuilder builder(source, diagnostics, root);
  try {
    std::istringstream in(source.text());
    YAML::Parser parser(in);
    while (parser.HandleNextDocument(builder)) {
    }
    if (!builder.started()) {
      diagnostics.error(source.at(0, 0),
                        "the file is empty; it must hold a map, one `key: value` a line");
    }
  } catch (const DocumentBuilder::Stop&) {
    diagnostics.mark_unreadable();  // reported where it was thrown
  } catch (const YAML::Exception& e) {
    diagnostics.mark_unreadable();
    const auto offset = static_cast<std::size_t>(std::max(e.mark.pos, 0));
    const Diagnostic mistake = explain_syntax(source, e.msg, offset);
    if (!is_known(mistake, diagnostics)) {
      diagnostics.error(mistake.where, mistake.message, mistake.suggestion);
    }
  }
  return builder.take();
}

}  // namespace

const Node* Node::find(std::string_view key) const {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const Entry& entry) { return entry.key == key; });
  return found == entries.end() ? nullptr : &found->value;
}

std::string_view to_string(Node::Kind kind) {
  switch (kind) {
    case Node::Kind::null:
      return "nothing";
    case Node::Kind::scalar:
      return "text";
    case Node::Kind::sequence:
      return "a list";
    case Node::Kind::map:
      return "a map";
  }
  return "nothing";
}

Node parse_document(std::shared_ptr<const Source> source, Diagnostics& diagnostics) {
  Node nothing;
  nothing.where.source = source;
  if (source->text.size() > kMaxDocumentBytes) {
    diagnostics.error(nothing.where,
                      fmt::format("the file is larger than {} bytes", kMaxDocumentBytes));
    return nothing;
  }
  const SourceIndex index(std::move(source));
  if (!check_bytes(index, diagnostics)) {
    diagnostics.mark_unreadable();
    return nothing;
  }
  Node root = build(index, DocumentBuilder::Root::block_map, diagnostics);
  return root.kind == Node::Kind::map ? root : nothing;
}

Node parse_default(std::string_view text) {
  if (auto plain = plain_default(text)) return std::move(*plain);
  const auto source = std::make_shared<const Source>(Source{"default", std::string(text)});
  Diagnostics diagnostics;
  Node node = build(SourceIndex(source), DocumentBuilder::Root::any, diagnostics);
  if (!diagnostics.empty()) throw Error(ErrorKind::internal, diagnostics.render());
  return node;
}

}  // namespace trunkgate
