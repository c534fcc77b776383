// A journal with two pushes, a refused one and a change that no push made.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "deliverer_fixture.h"
#include "events/journal.h"
#include "events/journal_reader.h"

namespace trunkgate {

class OperatorTest : public DelivererTest {
 protected:
  void SetUp() override {
    DelivererTest::SetUp();
    a_ = commit("a");
    b_ = commit("b", {a_});
    c_ = commit("c", {b_});
    pushed(1, {update("refs/heads/main", none_, a_)});              // events 1 and 2
    spool().write(reject(2, {update("refs/heads/main", a_, c_)}));  // 3
    deliver();
    now_ += 3600 * kSecond;
    pushed(3,
           {update("refs/heads/main", a_, b_), update("refs/heads/nightly", none_, a_)});  // 4 to 6
    deliver();
    set_ref("refs/heads/main", c_);
    deliver();  // 7
  }

  std::string journal_path() const { return Journal::path_in(folder()); }
  void change(const std::string& sql) const {
    Database(journal_path(), Database::Access::write).execute(sql);
  }
  std::vector<std::uint64_t> listed(const EventQuery& query) const {
    std::vector<std::uint64_t> sequences;
    JournalReader(folder()).each(query, [&](const RecordedEvent& event) {
      sequences.push_back(event.sequence);
      return true;
    });
    return sequences;
  }

  ObjectId a_;
  ObjectId b_;
  ObjectId c_;
};

}  // namespace trunkgate
