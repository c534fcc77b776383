#include "events/sqlite.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "base/scratch_folder.h"

namespace trunkgate {
namespace {

class SqliteTest : public ::testing::Test {
 protected:
  std::string path() const { return folder_.path() + "/test.db"; }
  ScratchFolder folder_{std::filesystem::temp_directory_path().string()};
};

TEST_F(SqliteTest, GivesBackWhatWasBound) {
  const Database database(path(), Database::Access::write);
  database.execute("CREATE TABLE t(n INTEGER, s TEXT, b BLOB, e BLOB, z TEXT)");
  database.prepare("INSERT INTO t VALUES(?,?,?,?,?)")
      .bind(1, std::int64_t{-5})
      .bind(2, std::string_view("a'b"))
      .bind_blob(3, std::string_view("\0\xff", 2))
      .bind_blob(4, {})
      .bind_null(5)
      .run();
  EXPECT_EQ(database.changes(), 1);
  Query row = database.prepare("SELECT n, s, b, e, z FROM t");
  ASSERT_TRUE(row.step());
  EXPECT_EQ(row.integer(0), -5);
  EXPECT_EQ(row.text(1), "a'b");
  EXPECT_EQ(row.bytes(2), std::string_view("\0\xff", 2));
  EXPECT_FALSE(row.is_null(3));
  EXPECT_TRUE(row.is_null(4));
  EXPECT_FALSE(row.step());
}

TEST_F(SqliteTest, TakesATransactionBackThatWasNotCommitted) {
  const Database database(path(), Database::Access::write);
  database.execute("CREATE TABLE t(n INTEGER)");
  {
    const Transaction transaction(database);
    database.execute("INSERT INTO t VALUES(1)");
  }
  {
    Transaction transaction(database);
    database.execute("INSERT INTO t VALUES(2)");
    transaction.commit();
  }
  EXPECT_EQ(database.number("SELECT sum(n) FROM t"), 2);
  EXPECT_EQ(database.number("SELECT n FROM t WHERE n > 5"), std::nullopt);
}

TEST_F(SqliteTest, SaysWhichFileFailedAndWhy) {
  const auto failure = [](const auto& act) -> std::string {
    try {
      act();
    } catch (const Error& error) {
      return error.what();
    }
    return "no failure";
  };
  EXPECT_EQ(failure([&] { Database(path(), Database::Access::read_only); }),
            path() + ": unable to open database file");
  const Database database(path(), Database::Access::write);
  EXPECT_EQ(failure([&] { database.execute("nonsense"); }),
            path() + ": near \"nonsense\": syntax error");
  database.execute("CREATE TABLE t(n UNIQUE); INSERT INTO t VALUES(1)");
  EXPECT_EQ(failure([&] { database.prepare("INSERT INTO t VALUES(1)").run(); }),
            path() + ": UNIQUE constraint failed: t.n");
  std::ofstream(folder_.path() + "/text.db") << std::string(4096, 'x');
  EXPECT_EQ(failure([&] {
              Database(folder_.path() + "/text.db", Database::Access::read_only)
                  .number("SELECT 1 FROM t");
            }),
            folder_.path() + "/text.db: file is not a database");
  std::filesystem::create_symlink(path(), folder_.path() + "/link.db");
  EXPECT_EQ(failure([&] { Database(folder_.path() + "/link.db", Database::Access::write); }),
            folder_.path() + "/link.db: unable to open database file");
}

}  // namespace
}  // namespace trunkgate
