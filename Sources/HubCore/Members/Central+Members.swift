public import ControlRoom
import Feed
import Store
import Tenancy
public import Trust

/// How somebody becomes a member, and stays one.
extension Central {
    /// Why somebody does not become a member, or is not renewed; the words go to who asked.
    public enum EnrolmentFailure: Error, Equatable, CustomStringConvertible {
        case noAuthority
        /// Wrong, used, withdrawn, or over: who asks is not told which.
        case badCode
        case badRequest(String)
        case notAMember
        /// The code is good, and for the other kind of key. It was not used up.
        case wrongKind(offered: Role)

        public var description: String {
            switch self {
            case .noAuthority: "this hub enrols nobody; ask the one that holds the authority's key"
            case .badCode: "the code is wrong, was used, or has expired; ask for a new one"
            case .badRequest(let reason): reason
            case .notAMember: "this certificate is not in force here"
            case .wrongKind(let role):
                role.isMachines
                    ? "this code makes a \(role.rawValue), which is a machine: impetus enrol --machine DIR; the code is still good"
                    : "this code is for the role \(role.rawValue), a person, whose key is sealed: impetus enrol without --machine; the code is still good"
            }
        }
    }

    /// Gives a certificate to whoever shows a code. Who asks again with the same code and key, because the answer was lost,
    /// gets the same certificate until the offer ends. The tenant's log knows it when what the system log asked of the tenant
    /// until then is done (`errand`): whoever has it is answered after that.
    ///
    /// - Parameter applicant: nil where who asks did not say.
    /// - Throws: `EnrolmentFailure`, or what the log says.
    public func enrol(code: String, request: String, as applicant: Applicant? = nil, now: Timestamp) throws
        -> MemberCertificate
    {
        guard let authority else { throw EnrolmentFailure.noAuthority }
        // The offer may have been made by another process just now.
        try followSystem(now: now)
        carryOut(now: now)
        let (hash, wanted) = (TextHash.of(code), try Central.read(request))
        if let known = register.enrolled(codeHash: hash, keyID: wanted.keyID, at: now) {
            return try MemberCertificate(pem: known.certificate)
        }
        guard let offer = register.offer(codeHash: hash, at: now) else { throw EnrolmentFailure.badCode }
        if let applicant, (applicant == .machine) != offer.identity.role.isMachines {
            throw EnrolmentFailure.wrongKind(offered: offer.identity.role)
        }
        if let known = register.members[wanted.keyID], known.identity != offer.identity || known.isRevoked {
            throw EnrolmentFailure.badRequest("this key is another's, or was revoked; make a new one")
        }
        let made = try authority.issue(wanted, to: offer.identity, now: now)
        try append(
            IdentityEnrolled(
                identity: offer.identity, keyID: made.keyID, certificate: try made.pem(), codeHash: hash), now: now)
        // The log decides who was first.
        guard register.enrolled(codeHash: hash, keyID: made.keyID, at: now) != nil else {
            throw EnrolmentFailure.badCode
        }
        return made
    }

    /// Gives a member a new certificate for the same key, before the old one ends or up to `MemberCertificate.graceDays`
    /// after it. It counts from the return on: for what its holder posts and signs, and for streams; in the tenant's log as
    /// with `enrol`.
    ///
    /// - Throws: `EnrolmentFailure`, or what the log says.
    public func renew(_ submitter: Submitter, request: String, now: Timestamp) throws -> MemberCertificate {
        guard let authority else { throw EnrolmentFailure.noAuthority }
        guard let keyID = submitter.keyID, register.isMember(keyID: keyID) else { throw EnrolmentFailure.notAMember }
        let made = try authority.issue(try Central.read(request), to: submitter.identity, now: now)
        guard made.keyID == keyID else {
            throw EnrolmentFailure.badRequest("a certificate is renewed for the key it has")
        }
        let pem = try made.pem()
        try append(
            IdentityEnrolled(identity: submitter.identity, keyID: made.keyID, certificate: pem, codeHash: nil), now: now
        )
        guard register.isMember(keyID: made.keyID) else { throw EnrolmentFailure.notAMember }
        return made
    }

    private static func read(_ request: String) throws -> CertificateRequest {
        do {
            return try CertificateRequest(pem: request)
        } catch let failure as MemberCertificate.Failure {
            throw EnrolmentFailure.badRequest("\(failure)")
        }
    }

    private func append(_ fact: IdentityEnrolled, now: Timestamp) throws {
        let name = Central.entryName(keyID: fact.keyID, certificate: fact.certificate)
        try introduce(now: now)
        let entry = try SystemEvents.entry(
            name, .identityEnrolled, JSONWriter.bytes(fact.write), wire, signedBy: secret == nil ? nil : key, now: now)
        _ = try system.append([entry], now: now)
        try followSystem(now: now)
        carryOut(now: now)
    }

    // MARK: - Who is there

    /// What a certificate stands for, and until when; nil where it is of another authority, is over, or was revoked. A key
    /// that was renewed is good until its last certificate ends, whichever of them is shown while it is in force.
    public func member(certificate der: [UInt8], now: Timestamp) -> (submitter: Submitter, ends: Timestamp)? {
        guard let certificate = try? MemberCertificate(der: der),
            (try? certificate.check(against: authorityCertificate, at: now)) != nil
        else { return nil }
        guard let found = known(certificate) else { return nil }
        // Another hub may have renewed it just now: the authority's word counts before the system log has been read.
        if knownMembers.member(keyID: certificate.keyID).map({ $0.ends < certificate.ends }) == true {
            knownMembers.learn(certificate)
        }
        return found
    }

    /// What a certificate stands for that is renewed: in force, or ended at most `MemberCertificate.graceDays` ago.
    public func renewable(certificate der: [UInt8], now: Timestamp) -> Submitter? {
        guard let certificate = try? MemberCertificate(der: der),
            (try? certificate.checkRenewable(by: authorityCertificate, at: now)) != nil
        else { return nil }
        return known(certificate)?.submitter
    }

    /// Whether a certificate is of this hub's authority, in force or not.
    public func hasIssued(certificate der: [UInt8]) -> Bool {
        (try? MemberCertificate(der: der)).map(authorityCertificate.hasIssued) ?? false
    }

    private func known(_ certificate: MemberCertificate) -> (submitter: Submitter, ends: Timestamp)? {
        guard let member = register.members[certificate.keyID], !member.isRevoked,
            member.identity == certificate.identity
        else { return nil }
        let ends = knownMembers.member(keyID: certificate.keyID)?.ends ?? certificate.ends
        return (
            Submitter(identity: certificate.identity, keyID: certificate.keyID), max(ends, certificate.ends)
        )
    }

    /// Whether a connection that was opened with a certificate of this key may go on: the key is not revoked, and its last
    /// certificate is in force.
    public func isInForce(keyID: String, now: Timestamp) -> Bool {
        knownMembers.member(keyID: keyID).map { !$0.isRevoked && now <= $0.ends } ?? false
    }

    /// Whether the key that this hub signs with was revoked: nobody believes it any more.
    public var isOwnKeyRevoked: Bool { register.revokedKeys.contains(certificate.keyID) }

    /// The certificates of this hub that end within `EndingCertificate.warningDays`, its authority's among them.
    public func endingCertificates(now: Timestamp) -> [EndingCertificate] {
        EndingCertificate.found(hubs: [certificate], authority: authorityCertificate, at: now)
    }
}
