import Records

/// Licences as the metadata of the Hugging Face Hub spells them.
enum HubLicense {
  /// The identifiers the Hub knows (its page "Licenses", 2025), which are SPDX's in lower case for the most part.
  private static let known: Set<String> = [
    "afl-3.0", "agpl-3.0", "apache-2.0", "artistic-2.0", "bigcode-openrail-m", "bigscience-bloom-rail-1.0",
    "bigscience-openrail-m", "bsd", "bsd-2-clause", "bsd-3-clause", "bsd-3-clause-clear", "bsl-1.0", "c-uda",
    "cc",
    "cc-by-2.0", "cc-by-2.5", "cc-by-3.0", "cc-by-4.0", "cc-by-nc-2.0", "cc-by-nc-3.0", "cc-by-nc-4.0",
    "cc-by-nc-nd-3.0", "cc-by-nc-nd-4.0", "cc-by-nc-sa-2.0", "cc-by-nc-sa-3.0", "cc-by-nc-sa-4.0",
    "cc-by-nd-4.0",
    "cc-by-sa-3.0", "cc-by-sa-4.0", "cc0-1.0", "cdla-permissive-1.0", "cdla-permissive-2.0",
    "cdla-sharing-1.0",
    "creativeml-openrail-m", "deepfloyd-if-license", "ecl-2.0", "epl-1.0", "epl-2.0", "etalab-2.0",
    "eupl-1.1",
    "gemma", "gfdl", "gpl", "gpl-2.0", "gpl-3.0", "isc", "lgpl", "lgpl-2.1", "lgpl-3.0", "lgpl-lr", "llama2",
    "llama3", "lppl-1.3c", "mit", "mpl-2.0", "ms-pl", "ncsa", "odbl", "odc-by", "ofl-1.1", "openrail",
    "openrail++",
    "osl-3.0", "pddl", "postgresql", "unknown", "unlicense", "wtfpl", "zlib",
  ]

  /// SPDX identifiers, in lower case, that the Hub spells otherwise.
  private static let spelling: [String: String] = [
    "agpl-3.0-only": "agpl-3.0", "agpl-3.0-or-later": "agpl-3.0", "c-uda-1.0": "c-uda",
    "gfdl-1.3-only": "gfdl",
    "gfdl-1.3-or-later": "gfdl", "gpl-2.0-only": "gpl-2.0", "gpl-2.0-or-later": "gpl-2.0",
    "gpl-3.0-only": "gpl-3.0",
    "gpl-3.0-or-later": "gpl-3.0", "lgpl-2.1-only": "lgpl-2.1", "lgpl-2.1-or-later": "lgpl-2.1",
    "lgpl-3.0-only": "lgpl-3.0", "lgpl-3.0-or-later": "lgpl-3.0", "lgpllr": "lgpl-lr", "odbl-1.0": "odbl",
    "odc-by-1.0": "odc-by", "pddl-1.0": "pddl",
  ]

  /// The Hub's identifier of a licence; nil when it has none, which its metadata calls `other`.
  static func identifier(_ key: String) -> String? {
    if let other = spelling[key] { return other }
    return known.contains(key) ? key : nil
  }

  /// A name for a licence that the Hub does not know, in the form it asks for, such as `my-license-1.0`.
  static func name(_ license: LicenseName) -> String {
    var name = ""
    for scalar in license.key.unicodeScalars {
      switch scalar {
      case "a"..."z", "0"..."9", ".": name.unicodeScalars.append(scalar)
      default: if !name.isEmpty, !name.hasSuffix("-") { name += "-" }
      }
      if name.utf8.count == 60 { break }
    }
    while name.hasSuffix("-") || name.hasSuffix(".") { name.removeLast() }
    return name.isEmpty ? "unnamed" : name
  }
}
