// SQLite as the journal uses it: statements that own their handles and throw when a call fails.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"

struct sqlite3;
struct sqlite3_stmt;

namespace trunkgate {

// The file is no database, or parts of it are gone.
class DamagedDatabase : public Error {
 public:
  using Error::Error;
};

// The file, or one that SQLite keeps beside it, cannot be opened.
class ClosedDatabase : public Error {
 public:
  using Error::Error;
};

struct DatabaseCloser {
  void operator()(sqlite3* database) const;
};
struct StatementCloser {
  void operator()(sqlite3_stmt* statement) const;
};

class Database;

// One prepared statement. Parameters count from 1, columns from 0.
class Query {
 public:
  // Each returns the query, so that calls can be chained.
  Query& bind(int parameter, std::int64_t value);
  Query& bind(int parameter, std::uint64_t value);
  Query& bind(int parameter, std::string_view text);        // valid UTF-8; copied
  Query& bind_blob(int parameter, std::string_view bytes);  // copied
  Query& bind_null(int parameter);

  // True when there is a row. Throws Error(delivery).
  bool step();
  // For a statement without rows: step, then ready for the next values.
  void run();
  // Ready to be bound and stepped again; parameters keep their values.
  void reset();

  std::int64_t integer(int column) const;
  // Bytes of a text or a blob, valid until the next step; empty for NULL.
  std::string_view bytes(int column) const;
  std::string text(int column) const { return std::string(bytes(column)); }
  bool is_null(int column) const;

 private:
  friend class Database;
  Query(const Database& database, std::string_view sql);
  void check(int code) const;

  const Database* database_;
  std::unique_ptr<sqlite3_stmt, StatementCloser> statement_;
};

class Database {
 public:
  enum class Access {
    read_only,
    write,
    // Reads a file that nobody writes meanwhile, without locks and without files beside it.
    unchanging,
  };

  // Opens a file; `write` makes it when it is missing. Waits up to `patience` milliseconds for
  // another process that writes. Throws Error(delivery).
  Database(const std::string& path, Access access, int patience = 5000);

  // The query must not outlive the database.
  Query prepare(std::string_view sql) const { return Query(*this, sql); }
  // Several statements without parameters.
  void execute(const std::string& sql) const;
  // The first column of the first row as a number; nothing without a row.
  std::optional<std::int64_t> number(std::string_view sql) const;
  // How many rows the last statement changed.
  std::int64_t changes() const;

  // Throws Error(delivery), or one of those above, that names the file, with what SQLite says.
  [[noreturn]] void fail() const;

  const std::string& path() const { return path_; }

 private:
  friend class Query;
  std::string path_;
  std::unique_ptr<sqlite3, DatabaseCloser> handle_;
};

// Everything until commit() or nothing.
class Transaction {
 public:
  // Takes the write lock at once, so that what is read stays true.
  explicit Transaction(const Database& database);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();
  void commit();

 private:
  const Database& database_;
  bool open_ = true;
};

}  // namespace trunkgate
