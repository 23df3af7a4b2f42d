import Records
import Testing

@testable import Curation

/// Names and numbers were made up for these tests; card and account numbers are the networks' published test numbers.
@Suite struct PersonalDataTests {
  @Test func emailAddresses() {
    func found(_ text: String) -> [String] { RuleCheck.marked(EmailAddressRule(), output: text) }
    #expect(found("Write to jane.doe+lab@mail.clinic.org.") == ["jane.doe+lab@mail.clinic.org"])
    #expect(found("(a@b.co), C_D@E-F.DE") == ["a@b.co", "C_D@E-F.DE"])
    for text in [
      "me@example.com", "x@lab.test", "a@b", "@home.org", "a.@b.co", "5 mg @ 8.00", "a@-b.co", "a@b..co",
      "user@host.123", "a@b.c", "@", "a@",
    ] {
      #expect(found(text) == [], "\(text)")
    }
  }

  @Test func phoneNumbers() {
    func found(_ text: String) -> [String] { RuleCheck.marked(PhoneNumberRule(), output: text) }
    for number in [
      "+49 30 901820", "+44 (0)20 7946 0018", "+1-212-736-5000", "(212) 736-5000", "212-736-5000",
      "212.736.5000", "1-212-736-5000", "+8613800138000", "(212)736-5000",
    ] {
      #expect(found("Call \(number) now.") == [number])
      #expect(found(number) == [number])
    }
    for text in [
      "1-800-273-8255", "212-555-0142", "+1 800 273 8255", "120/80 mmHg", "500-1000 mg", "2021-03-04",
      "10.1016/j.cell.2020.123.4567", "10.1234/212-736-5000", "NCT01234567", "2127365000", "E11.9",
      "PMID 12345678", "911-736-5000", "212-111-5000", "012-736-5000", "Na+ 140 4500 1200", "+5 to +10 °C",
      "(see 212) 736", "x212-736-5000", "212-736-50001", "1212-736-5000", "3.212.736.5000", "+12", "+",
    ] {
      #expect(found(text) == [], "\(text)")
    }
  }

  @Test func bankAccounts() {
    func found(_ text: String) -> [String] { RuleCheck.marked(BankAccountRule(), output: text) }
    #expect(found("IBAN: DE89 3704 0044 0532 0130 00, please") == ["DE89 3704 0044 0532 0130 00"])
    #expect(found("GB82WEST12345698765432") == ["GB82WEST12345698765432"])
    #expect(found("NO9386011117947.") == ["NO9386011117947"])
    for text in [
      "DE88 3704 0044 0532 0130 00", "GB82WEST1234569876543", "ZZ82WEST12345698765432", "CD4 T cells",
      "XGB82WEST12345698765432", "GB82WEST12345698765432A", "DE89",
    ] {
      #expect(found(text) == [], "\(text)")
    }
  }

  @Test func socialSecurityNumbers() {
    func found(_ text: String) -> [String] { RuleCheck.marked(SocialSecurityRule(), output: text) }
    #expect(found("SSN 219-09-4321, then") == ["219-09-4321"])
    for text in [
      "000-12-3456", "666-12-3456", "900-12-3456", "123-00-4567", "123-45-0000", "1123-45-6789",
      "123-45-67890", "123-45-6789-1", "123 45 6789", "2021-03-0412", "CAS 123-45-6",
    ] {
      #expect(found(text) == [], "\(text)")
    }
  }

  @Test func paymentCards() {
    func found(_ text: String) -> [String] { RuleCheck.marked(PaymentCardRule(), output: text) }
    for number in [
      "4111111111111111", "4111 1111 1111 1111", "5555-5555-5555-4444", "378282246310005",
      "3782 822463 10005", "6011111111111117", "3530111333300000", "30569309025904", "2223003122003222",
    ] {
      #expect(found("card \(number).") == [number])
    }
    for text in [
      "4111111111111112", "9780306406157", "1234567812345670", "41111111111111111", "4 111 1111 1111 1111",
      "12 4111 1111 1111 1111", "4111 1111-1111 1111", "4111.1111.1111.1111", "0.4111111111111111",
      "NCT4111111111111111",
    ] {
      #expect(found(text) == [], "\(text)")
    }
  }

  @Test func internetAddresses() {
    func found(_ text: String) -> [String] { RuleCheck.marked(IPAddressRule(), output: text) }
    for address in [
      "93.184.216.34", "81.2.69.142", "2a00:1450:4001:81b::200e", "2620:0:ccd:0:0:0:0:2",
      "2a03:2880:f12f:83::",
    ] {
      #expect(found("from \(address), at") == [address])
      #expect(found(address) == [address])
    }
    for text in [
      "EC 3.4.21.5", "1.14.14.1", "192.168.1.10", "10.0.0.1", "127.0.0.1", "203.0.113.9", "300.1.1.11",
      "93.184.216.34.5", "v93.184.216.34", "93.184.216.034", "12:30:45", "std::vector", "a::b",
      "2001:db8::1:2",
      "fe80::1:2:3", "ratio 1:2:3:4:5:6:7", "::", "1:2:3:4:5:6:7:8:9", "8.8.8.8",
    ] {
      #expect(found(text) == [], "\(text)")
    }
  }

  /// Medical text that looks like numbers of people: no rule is to find anything.
  @Test(arguments: [
    "On 2023-11-05 at 14:30, ICD-10 code E11.65 was assigned; doi:10.1056/NEJMoa2034577, NCT04368728.",
    "Give 1,000-1,500 mg/day (max 4.5 g); BP 135/85, HR 72-88, SpO2 96-98%, Na 138, K 4.2.",
    "LOINC 2345-7, SNOMED CT 44054006, RxNorm 860975, UMLS C0011849, ATC A10BA02, CAS 657-24-9, PMC7745181.",
    "Chromosome 7:117559590-117559593, c.1521_1523delCTT, p.Phe508del, rs113993960, HLA-B*57:01.",
  ]) func medicalNumbersAreNobodys(text: String) throws {
    let rules = try RuleSet(named: ["personal-data"])
    #expect(rules.findings(in: Pair(instruction: text, input: text, output: text)) == [])
  }

  /// Every field is looked at.
  @Test func inEveryField() throws {
    let pair = Pair(
      instruction: "ann@lab.org", input: "bob@lab.org", output: "cy@lab.org", system: "di@lab.org",
      turns: [.init(role: .user, content: "hi"), .init(role: .assistant, content: "ed@lab.org")])
    let marks = try RuleSet(named: ["email"]).findings(in: pair).map(\.mark)
    #expect(marks.map(\.field) == [.system, .turns, .instruction, .input, .output])
    #expect(marks[1].turn == 1)
  }
}
