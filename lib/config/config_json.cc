// Reads JSON event by event: depth costs no stack.
#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "config/config_builder.h"

namespace trunkgate {
namespace {

// Gives the parser its bytes and knows how many it has taken.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, const char** furthest) : at_(at), furthest_(furthest) {}

  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    *furthest_ = ++at_;
    return *this;
  }
  CountingIterator operator++(int) {
    const CountingIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }
  bool operator!=(const CountingIterator& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  const char** furthest_;
};

class JsonReader final : public nlohmann::json_sax<nlohmann::json> {
 public:
  using Kind = ConfigValue::Kind;

  JsonReader(std::string_view text, ConfigFile& file)
      : text_(text), counted_to_(text.data()), builder_(file) {}

  void read() {
    const char* furthest = text_.data();
    furthest_ = &furthest;
    nlohmann::json::sax_parse(CountingIterator(text_.data(), &furthest),
                              CountingIterator(text_.data() + text_.size(), &furthest), this);
  }

  bool null() override { return add(Kind::null, {}); }
  bool boolean(bool value) override {
    ConfigValue node = node_of(Kind::boolean);
    node.boolean = value;
    node.text = value ? "true" : "false";
    builder_.add(std::move(node));
    return true;
  }
  bool number_integer(number_integer_t value) override {
    ConfigValue node = node_of(Kind::integer);
    node.integer = value;
    node.real = static_cast<double>(value);
    node.text = std::to_string(value);
    builder_.add(std::move(node));
    return true;
  }
  bool number_unsigned(number_unsigned_t value) override {
    constexpr auto kMost = static_cast<number_unsigned_t>(std::numeric_limits<std::int64_t>::max());
    if (value <= kMost) return number_integer(static_cast<number_integer_t>(value));
    return number_float(static_cast<double>(value), std::to_string(value));
  }
  bool number_float(number_float_t value, const string_t& text) override {
    ConfigValue node = node_of(Kind::real);
    node.real = value;
    node.text = text;
    builder_.add(std::move(node));
    return true;
  }
  bool string(string_t& value) override { return add(Kind::text, std::move(value)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Kind::map); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(Kind::list); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    builder_.key(std::move(name), line());
    return true;
  }
  bool parse_error(std::size_t, const std::string&,
                   const nlohmann::detail::exception& error) override {
    // "[json.exception...] parse error at line 2, column 5: syntax error while parsing value -
    // invalid literal; last read: '...'; expected ..."
    std::string_view words = error.what();
    if (const auto dash = words.find(" - "); dash != std::string_view::npos) {
      words.remove_prefix(dash + 3);
    }
    const std::size_t at = line();
    const auto feed = text_.substr(0, used()).rfind('\n');
    const std::size_t begin = feed == std::string_view::npos ? 0 : feed + 1;
    builder_.stop(at, std::max<std::size_t>(used() - begin, 1), printable(words));
  }

 private:
  // Bytes the parser has read; behind a number one of them belongs to what follows.
  std::size_t used() const {
    auto size = static_cast<std::size_t>(*furthest_ - text_.data());
    if (size > 0 && text_[size - 1] == '\n') --size;
    return size;
  }

  // No token of JSON crosses a line, so that its end tells the line.
  std::size_t line() {
    const char* const end = text_.data() + used();
    if (end > counted_to_) {
      line_ += static_cast<std::size_t>(std::count(counted_to_, end, '\n'));
      counted_to_ = end;
    }
    return line_;
  }

  ConfigValue node_of(Kind kind) {
    ConfigValue node;
    node.kind = kind;
    node.line = line();
    return node;
  }
  bool add(Kind kind, std::string text) {
    ConfigValue node = node_of(kind);
    node.text = std::move(text);
    builder_.add(std::move(node));
    return true;
  }
  bool open(Kind kind) {
    builder_.open(kind, line());
    return true;
  }
  bool close() {
    builder_.close();
    return true;
  }

  std::string_view text_;
  const char* counted_to_;
  std::size_t line_ = 1;
  const char** furthest_ = nullptr;
  ConfigBuilder builder_;
};

}  // namespace

void read_json(std::string_view text, ConfigFile& file) { JsonReader(text, file).read(); }

}  // namespace trunkgate
