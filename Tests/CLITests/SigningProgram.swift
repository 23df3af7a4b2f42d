import Foundation

/// Stands for `ssh-keygen` in transcripts, so that signatures are the same everywhere: a "signature" is a checksum of
/// what is signed. What the real programs do is asked in ``SignatureProgramTests``.
enum SigningProgram {
  /// Puts the program into the folder and names it in git's configuration there.
  ///
  /// - Parameter signer: whom the program says a good signature is from.
  static func install(
    in repository: TestRepository, signer: String = "tester@localhost", configuration: String = ""
  )
    throws
  {
    try repository.write(
      "keygen",
      """
      #!/bin/sh
      begin='-----BEGIN SSH SIGNATURE-----'
      case "$2" in
        sign)
          for last; do :; done
          if [ "$6" = "$HOME/missing.pub" ]; then echo "Couldn't load public key $6: No such file or directory" >&2; exit 255; fi
          printf '%s\\n%s\\n%s\\n' "$begin" "$(cksum < "$last")" '-----END SSH SIGNATURE-----' > "$last.sig" ;;
        find-principals) printf '%s\\n' '\(signer)' ;;
        *)
          sum=$(cksum)
          for word; do [ "$before" = -s ] && file=$word; before=$word; done
          if grep -qxF -e "$sum" "$file"; then printf 'Good "git" signature for %s with TEST key SHA256:test\\n' '\(signer)'
          else echo 'Signature verification failed: incorrect signature' >&2; exit 255; fi ;;
      esac

      """)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: repository.path("keygen"))
    try repository.write("signers", "the program knows them\n")
    try repository.write(
      ".gitconfig",
      """
      [gpg]
        format = ssh
      [gpg "ssh"]
        program = ~/keygen
        allowedSignersFile = ~/signers
      [user]
        signingKey = ~/key.pub
      \(configuration)
      """)
  }
}
