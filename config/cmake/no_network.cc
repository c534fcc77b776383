// Stands in for libgit2's network entry points in a static link (see dependencies.cmake): the hooks
// never open a connection, and the real ones would pull in TLS, SSH and Kerberos and read the
// system's certificates at each start.
extern "C" {

int __wrap_git_mbedtls_stream_global_init() { return 0; }
int __wrap_git_transport_ssh_global_init() { return 0; }
int __wrap_git_http_auth_negotiate(void**, const void*) { return -1; }
int __wrap_git_http_auth_ntlm(void**, const void*) { return -1; }
int __wrap_git_smart_subtransport_ssh(void**, void*, void*) { return -1; }

}  // extern "C"
