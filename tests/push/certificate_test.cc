// Addresses in certificates, and signatures that count for nothing; end_to_end/x509_test.py has
// real ones.
#include "push/certificate.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/text.h"

namespace trunkgate {
namespace {

using Addresses = std::vector<std::string>;

std::string item(unsigned char tag, const std::string& content) {
  std::string out(1, static_cast<char>(tag));
  if (content.size() < 128) {
    out += static_cast<char>(content.size());
  } else {
    out += '\x82';
    out += static_cast<char>(content.size() >> 8U);
    out += static_cast<char>(content.size() & 0xffU);
  }
  return out + content;
}
std::string sequence(const std::string& content) { return item(0x30, content); }

const std::string kNumber = item(2, "\x01");
const std::string kCommonName = item(6, "\x55\x04\x03");
const std::string kEmail = item(6, "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01");

std::string part_of_name(const std::string& type, unsigned char tag, const std::string& value) {
  return item(0x31, sequence(type + item(tag, value)));
}

// A certificate with this subject and these names in its subjectAltName.
std::string certificate(const std::string& subject, const std::string& names,
                        bool critical = false) {
  const std::string flag = critical ? item(1, "\xff") : std::string();
  const std::string other = sequence(item(6, "\x55\x1d\x0f") + item(4, item(3, "\x07\x80")));
  const std::string extension = sequence(item(6, "\x55\x1d\x11") + flag + item(4, sequence(names)));
  return sequence(sequence(item(0xa0, kNumber) + kNumber + sequence("") + sequence("") +
                           sequence("") + sequence(subject) + sequence("") +
                           item(0xa3, sequence(other + extension))) +
                  sequence("") + item(3, "x"));
}
std::string email(const std::string& address) { return item(0x81, address); }

TEST(Certificate, HasTheAddressesOfTheAlternativeNameAndOfTheSubject) {
  EXPECT_EQ(addresses_in(certificate("", email("ada@example.com"))), Addresses{"ada@example.com"});
  EXPECT_EQ(addresses_in(certificate(part_of_name(kEmail, 0x16, "ada@example.org"),
                                     item(0x82, "example.com") + email("ada@example.com"), true)),
            (Addresses{"ada@example.com", "ada@example.org"}));
  EXPECT_EQ(addresses_in(certificate(part_of_name(kEmail, 0x16, "a@x"), email("a@x"))),
            Addresses{"a@x"});
}

TEST(Certificate, TakesNoOtherNameForAnAddress) {
  EXPECT_EQ(addresses_in(certificate(part_of_name(kCommonName, 0x16, "ada@example.com"),
                                     item(0x86, "mailto:ada@example.com"))),
            Addresses{});
}

TEST(Certificate, TakesNoAddressThatCouldBeReadAsAnother) {
  for (const std::string& address :
       {std::string("eve@x\nada@example.com"), std::string("ada@example.com\0.x", 18),
        std::string("ada"), std::string("a da@x"), std::string("a@x,b@x"),
        std::string("\xc3\xa4@x"), std::string(300, 'a') + "@x", std::string()}) {
    EXPECT_EQ(addresses_in(certificate("", email(address))), Addresses{}) << printable(address);
  }
}

TEST(Certificate, TakesNothingFromWhatIsNone) {
  const std::string whole = certificate("", email("ada@example.com"));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(addresses_in(std::string_view(whole).substr(0, size)), Addresses{}) << size;
  }
  EXPECT_EQ(addresses_in("no certificate"), Addresses{});
}

TEST(Certificate, IsFoundBetweenOtherTextAndNothingElseIs) {
  const std::string one = certificate("", email("a@x"));
  const std::string two = certificate("", email("b@x"));
  const std::string pem = certificate_pem(one);
  EXPECT_EQ(certificates_in("Subject: a\n" + pem + "\r\n" + certificate_pem(two)),
            (std::vector<std::string>{one, two}));
  EXPECT_EQ(revocation_lists_in(pem), std::vector<std::string>{});
  EXPECT_EQ(revocation_lists_in(pem + revocation_list_pem(two)), std::vector<std::string>{two});
  EXPECT_EQ(certificates_in("-----BEGIN CERTIFICATE-----\nMAA\n-----END CERTIFICATE-----\n"),
            std::vector<std::string>{});
  EXPECT_EQ(certificates_in("-----BEGIN CERTIFICATE-----\nMAAA\n-----END CERTIFICATE-----\n"),
            std::vector<std::string>{});
  EXPECT_EQ(certificates_in(pem.substr(0, pem.size() - 10)), std::vector<std::string>{});
  EXPECT_EQ(certificates_in("-----BEGIN TRUSTED CERTIFICATE-----\n" + base64(one) +
                            "\n-----END TRUSTED CERTIFICATE-----\n"),
            std::vector<std::string>{});
}

const std::string kSha256 = "\x60\x86\x48\x01\x65\x03\x04\x02\x01";

std::string signer(const std::string& digest) {
  return sequence(kNumber + sequence("") + sequence(item(6, digest) + item(5, "")) + "rest");
}

std::string cms(const std::string& signers, const std::string& content = {}) {
  const std::string type = item(6, "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01");
  return sequence(item(6, "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02") +
                  item(0xa0, sequence(kNumber + item(0x31, "") + sequence(type + content) +
                                      item(0xa0, sequence("a certificate")) + item(0xa1, "lists") +
                                      item(0x31, signers))));
}

TEST(CmsSignature, OfOneSignerBesideItsTextMayCount) {
  EXPECT_EQ(flaw_of_cms(cms(signer(kSha256))), "");
}

TEST(CmsSignature, MustNotHoldATextOfItsOwn) {
  EXPECT_EQ(flaw_of_cms(cms(signer(kSha256), item(0xa0, item(4, "tree 1234")))),
            "holds a text of its own");
}

TEST(CmsSignature, MustBeOfOneSigner) {
  EXPECT_EQ(flaw_of_cms(cms("")), "is damaged");
  EXPECT_EQ(flaw_of_cms(cms(signer(kSha256) + signer(kSha256))), "is more than one signature");
}

TEST(CmsSignature, MustUseAGoodDigest) {
  const std::string md5 = "\x2a\x86\x48\x86\xf7\x0d\x02\x05";
  const std::string sha1 = "\x2b\x0e\x03\x02\x1a";
  const std::string sha224 = "\x60\x86\x48\x01\x65\x03\x04\x02\x04";
  for (const std::string& digest : {md5, sha1, sha224, std::string(), kSha256 + "\x01"}) {
    EXPECT_EQ(flaw_of_cms(cms(signer(digest))),
              "uses a digest that is too weak: SHA-256 or better is wanted");
  }
}

TEST(CmsSignature, IsDamagedWhenCutShortOrOfAnotherKind) {
  const std::string whole = cms(signer(kSha256));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(flaw_of_cms(std::string_view(whole).substr(0, size)), "is damaged") << size;
  }
  EXPECT_EQ(flaw_of_cms(whole + "x"), "is damaged");
  EXPECT_EQ(flaw_of_cms(sequence(item(6, "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03"))), "is damaged");
}

}  // namespace
}  // namespace trunkgate
