// What `trunkgate deliver` turns into where a policy has sinks that need network libraries.
//
//   deliver [--woken] [--watch] [--] REPOSITORY...
//   deliver --test SINK REPOSITORY                    the same for `trunkgate sink test`
#include <sys/prctl.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string_view>

#include "base/error.h"
#include "events/network_sinks.h"
#include "trunkgate/delivery_run.h"
#include "trunkgate/try_sink.h"

int main(int argc, char** argv) {
  // Libraries read settings from the environment that no option turns off: SSLKEYLOGFILE would
  // write the keys of TLS sessions to a file, SSL_CERT_FILE would trust others.
  ::clearenv();
  ::setenv("PATH", "/usr/local/bin:/usr/bin:/bin", 1);
  ::setenv("LC_ALL", "C", 1);
  // Secrets stand in the memory of this process: nobody gets an image of it, and only root reads
  // it.
  ::prctl(PR_SET_DUMPABLE, 0);
  // A receiver that goes away is a failure to report, not a death.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  trunkgate::DeliveryRun run;
  bool options = true;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (options && word == "--") {
      options = false;
    } else if (options && word == "--woken") {
      run.woken = true;
    } else if (options && word == "--watch") {
      run.watch = true;
    } else {
      run.repositories.emplace_back(word);
    }
  }
  try {
    if (argc == 4 && std::string_view(argv[1]) == "--test") {
      return trunkgate::try_sink({.sink = argv[2], .repository = argv[3]}, trunkgate::make_any_sink,
                                 {});
    }
    return trunkgate::run_delivery(run, trunkgate::make_any_sink, {});
  } catch (const trunkgate::Error& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    if (!error.hint().empty()) std::fprintf(stderr, "hint: %s\n", error.hint().c_str());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 2;
  }
}
