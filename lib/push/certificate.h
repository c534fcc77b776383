// What a certificate of X.509 says of its holder, and what a signature made with one is like.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace trunkgate {

// The certificates in a text in PEM, each as the bytes of its DER; nothing of the text but whole
// blocks "BEGIN CERTIFICATE" with one SEQUENCE inside counts. Whether the rest makes sense is
// openssl's to say.
std::vector<std::string> certificates_in(std::string_view pem);
// The same for "BEGIN X509 CRL", lists of revoked certificates.
std::vector<std::string> revocation_lists_in(std::string_view pem);
std::string certificate_pem(std::string_view der);
std::string revocation_list_pem(std::string_view der);

// The e-mail addresses in a certificate (subjectAltName, then the subject's emailAddress), without
// those that hold anything but visible ASCII: a line feed in one must not make two of it.
std::vector<std::string> addresses_in(std::string_view certificate);

// Why a signature in CMS (RFC 5652) counts for nothing, whatever openssl finds: "is damaged", "is
// more than one signature"; empty when there is no reason. It must be apart from what it signs, of
// one signer, and use a digest that nobody can make two texts for.
std::string flaw_of_cms(std::string_view signature);

}  // namespace trunkgate
