#include "events/sqlite.h"

#include <sqlite3.h>

#include "base/text.h"

namespace trunkgate {
namespace {

// What SQLite takes as a URI: nothing in the path may end it.
std::string unchanging_uri(std::string_view path) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string uri = "file://";  // an absolute path follows
  for (const char c : path) {
    if (c != '%' && c != '?' && c != '#') {
      uri.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    uri += {'%', kDigits[byte >> 4U], kDigits[byte & 15U]};
  }
  return uri + "?immutable=1";
}

}  // namespace

void DatabaseCloser::operator()(sqlite3* database) const { ::sqlite3_close_v2(database); }
void StatementCloser::operator()(sqlite3_stmt* statement) const { ::sqlite3_finalize(statement); }

Query::Query(const Database& database, std::string_view sql) : database_(&database) {
  sqlite3_stmt* statement = nullptr;
  const int code = ::sqlite3_prepare_v2(database.handle_.get(), sql.data(),
                                        static_cast<int>(sql.size()), &statement, nullptr);
  statement_.reset(statement);
  check(code);
}

void Query::check(int code) const {
  if (code != SQLITE_OK) database_->fail();
}

Query& Query::bind(int parameter, std::int64_t value) {
  check(::sqlite3_bind_int64(statement_.get(), parameter, value));
  return *this;
}

Query& Query::bind(int parameter, std::uint64_t value) {
  return bind(parameter, static_cast<std::int64_t>(value));
}

Query& Query::bind(int parameter, std::string_view text) {
  check(::sqlite3_bind_text64(statement_.get(), parameter,
                              text.data() == nullptr ? "" : text.data(), text.size(),
                              SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}

Query& Query::bind_blob(int parameter, std::string_view bytes) {
  // A null pointer would make it NULL.
  check(::sqlite3_bind_blob64(statement_.get(), parameter,
                              bytes.data() == nullptr ? "" : bytes.data(), bytes.size(),
                              SQLITE_TRANSIENT));
  return *this;
}

Query& Query::bind_null(int parameter) {
  check(::sqlite3_bind_null(statement_.get(), parameter));
  return *this;
}

bool Query::step() {
  const int code = ::sqlite3_step(statement_.get());
  if (code != SQLITE_ROW && code != SQLITE_DONE) {
    // The message belongs to this failure only until the statement is reset.
    try {
      database_->fail();
    } catch (...) {
      ::sqlite3_reset(statement_.get());
      throw;
    }
  }
  return code == SQLITE_ROW;
}

void Query::run() {
  step();
  reset();
}

void Query::reset() { ::sqlite3_reset(statement_.get()); }

std::int64_t Query::integer(int column) const {
  return ::sqlite3_column_int64(statement_.get(), column);
}

std::string_view Query::bytes(int column) const {
  const auto* bytes = static_cast<const char*>(::sqlite3_column_blob(statement_.get(), column));
  const int size = ::sqlite3_column_bytes(statement_.get(), column);
  return bytes == nullptr ? std::string_view()
                          : std::string_view(bytes, static_cast<std::size_t>(size));
}

bool Query::is_null(int column) const {
  return ::sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

Database::Database(const std::string& path, Access access, int patience) : path_(path) {
  sqlite3* handle = nullptr;
  int flags = SQLITE_OPEN_READONLY;
  if (access == Access::write) flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  if (access == Access::unchanging) flags |= SQLITE_OPEN_URI;
  const std::string name = access == Access::unchanging ? unchanging_uri(path) : path;
  // One connection is used by one thread at a time.
  const int code = ::sqlite3_open_v2(name.c_str(), &handle,
                                     flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW, nullptr);
  handle_.reset(handle);
  if (code != SQLITE_OK) fail();
  ::sqlite3_busy_timeout(handle, patience);
}

void Database::execute(const std::string& sql) const {
  if (::sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail();
}

std::optional<std::int64_t> Database::number(std::string_view sql) const {
  Query query = prepare(sql);
  if (!query.step()) return std::nullopt;
  return query.integer(0);
}

std::int64_t Database::changes() const { return ::sqlite3_changes64(handle_.get()); }

void Database::fail() const {
  const std::string reason =
      handle_ == nullptr ? std::string("out of memory") : ::sqlite3_errmsg(handle_.get());
  const std::string message = printable(path_, 1000) + ": " + printable(reason, 1000);
  const int code = handle_ == nullptr ? SQLITE_NOMEM : ::sqlite3_errcode(handle_.get());
  if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB) {
    throw DamagedDatabase(ErrorKind::delivery, message);
  }
  if (code == SQLITE_CANTOPEN || code == SQLITE_READONLY) {
    throw ClosedDatabase(ErrorKind::delivery, message);
  }
  throw Error(ErrorKind::delivery, message);
}

Transaction::Transaction(const Database& database) : database_(database) {
  database_.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    database_.execute("ROLLBACK");
  } catch (const Error&) {
    // SQLite has rolled it back already, or does so when the file is opened next.
  }
}

void Transaction::commit() {
  database_.execute("COMMIT");
  open_ = false;
}

}  // namespace trunkgate
