/// Whose key a certificate is asked for, as who asks says it.
public enum Applicant: String, Sendable {
    /// Somebody whose key is sealed with a passphrase.
    case person
    /// A machine, whose key lies open in a file.
    case machine
}
