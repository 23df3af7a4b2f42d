/// Takes the place of mbedTLS's reader of certificate files in this process.
///
/// `git_libgit2_init` parses the system's whole bundle of certificate authorities, for fetching over TLS: 5 of the
/// 7 milliseconds that `mdata status` takes after its start. History never crosses a network through libgit2, so
/// there is nothing to verify; were it asked to, no authority would be known and every server be refused. Where
/// libgit2 uses another TLS library, nobody calls this.
///
/// - Returns: 0, mbedTLS's word for "all were read".
@c(mbedtls_x509_crt_parse_file)
public func readNoCertificates(chain: UnsafeMutableRawPointer?, path: UnsafePointer<CChar>?) -> Int32 { 0 }
