/// Users of NATS as a site has them, made once for tests; none of it ends, and it opens nothing.
public enum NatsUsers {
    /// The seed of an NKey.
    public static let seed = """
        SUALTTY4J77IMSFCLKLJ5LGKKF6ANAOBK767QJOSITJI42ZTVOYX7BRBAY
        """
    /// Its public key, as another program than ours derived it.
    public static let publicKey = """
        UB4TKRNSUVPXVSTGKDEPQQBVFWE5MLZUQPGHUMYR574VQDYXC4F4MNU6
        """

    /// A server's settings for that NKey.
    public static let nkey = "authorization { users = [ { nkey: \(publicKey) } ] }"

    /// A server's settings for the account of `credentials`.
    public static let operatorMode = """
        operator: \(operatorToken)
        system_account: \(systemAccount)
        resolver: MEMORY
        resolver_preload { \(account): \(accountToken), \(systemAccount): \(systemToken) }
        """

    /// A user's file, as `nsc` writes it.
    public static let credentials = """
        -----BEGIN NATS USER JWT-----
        \(userToken)
        ------END NATS USER JWT------

        -----BEGIN USER NKEY SEED-----
        \(seed)
        ------END USER NKEY SEED------

        """

    private static let account = "ACXR4OKBE3TFUOKJJX5IU63H2U5T4NAX3WTSNKRJKN6ISQHXVV72Y35J"
    private static let systemAccount = "AAZ7WLB424SD7HF7RDQAWHANQGRHVAQBIHPCATQD5L3XUQZRLL3ZILO6"
    /// Signed by itself.
    private static let operatorToken = """
        eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ.eyJqdGkiOiAiWkdENkhLQ1JCTUlISDZBM1hIR1c3UTdSREs2M\
        llDUzVMNVZDM0M2NU1ZQ1I1SVZDM1FTQSIsICJpYXQiOiAxNzk2MDEyMjMxLCAiaXNzIjogIk9DTk82RzdTT1lMUVJGV0kzR\
        DRMVkJQVFZCSlNOUUVKSkZRUVlaSUpLVlpWUkxHN1AySDYzUDJTIiwgIm5hbWUiOiAib3AiLCAic3ViIjogIk9DTk82RzdTT\
        1lMUVJGV0kzRDRMVkJQVFZCSlNOUUVKSkZRUVlaSUpLVlpWUkxHN1AySDYzUDJTIiwgIm5hdHMiOiB7InR5cGUiOiAib3Blc\
        mF0b3IiLCAidmVyc2lvbiI6IDJ9fQ.Mlx0bA07UI7o3PhXqVQgmv_Fi0-IdioGqoY9rVuwDVIV9u8Vp5N5G31JiW5iF4Dp8G\
        RIpXnkpyYYJkUJIo67Dg
        """
    /// With JetStream.
    private static let accountToken = """
        eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ.eyJqdGkiOiAiQ0RWSzJSMkI2T1hLVklGSVJTSlFXNkRWRFVLV\
        VI1NElXMlZGRE1SNzJJSlpLR09WUUpJQSIsICJpYXQiOiAxNzk2MDEyMjMxLCAiaXNzIjogIk9DTk82RzdTT1lMUVJGV0kzR\
        DRMVkJQVFZCSlNOUUVKSkZRUVlaSUpLVlpWUkxHN1AySDYzUDJTIiwgIm5hbWUiOiAiYWNjIiwgInN1YiI6ICJBQ1hSNE9LQ\
        kUzVEZVT0tKSlg1SVU2M0gyVTVUNE5BWDNXVFNOS1JKS042SVNRSFhWVjcyWTM1SiIsICJuYXRzIjogeyJ0eXBlIjogImFjY\
        291bnQiLCAidmVyc2lvbiI6IDIsICJsaW1pdHMiOiB7InN1YnMiOiAtMSwgImNvbm4iOiAtMSwgImxlYWYiOiAtMSwgImltc\
        G9ydHMiOiAtMSwgImV4cG9ydHMiOiAtMSwgImRhdGEiOiAtMSwgInBheWxvYWQiOiAtMSwgIndpbGRjYXJkcyI6IHRydWUsI\
        CJtZW1fc3RvcmFnZSI6IC0xLCAiZGlza19zdG9yYWdlIjogLTEsICJzdHJlYW1zIjogLTEsICJjb25zdW1lciI6IC0xfX19.\
        Y1qar_a_OPd78jnYLP_ortjdmiiURGy077dIX1bCsj9YEeFBAjEIq76zpJWQbgTwujpRMcBdlUDsQ0LC99b8Bw
        """
    /// For the servers themselves.
    private static let systemToken = """
        eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ.eyJqdGkiOiAiMktWWTczTjNZTlFTUEVMRU8zTkRQNEVYWTVLS\
        0lJNTcyU1hWSE82QlFYWlBNT1g3SU5EQSIsICJpYXQiOiAxNzk2MDEyMjMxLCAiaXNzIjogIk9DTk82RzdTT1lMUVJGV0kzR\
        DRMVkJQVFZCSlNOUUVKSkZRUVlaSUpLVlpWUkxHN1AySDYzUDJTIiwgIm5hbWUiOiAiU1lTIiwgInN1YiI6ICJBQVo3V0xCN\
        DI0U0Q3SEY3UkRRQVdIQU5RR1JIVkFRQklIUENBVFFENUwzWFVRWlJMTDNaSUxPNiIsICJuYXRzIjogeyJ0eXBlIjogImFjY\
        291bnQiLCAidmVyc2lvbiI6IDIsICJsaW1pdHMiOiB7InN1YnMiOiAtMSwgImNvbm4iOiAtMSwgImxlYWYiOiAtMSwgImltc\
        G9ydHMiOiAtMSwgImV4cG9ydHMiOiAtMSwgImRhdGEiOiAtMSwgInBheWxvYWQiOiAtMSwgIndpbGRjYXJkcyI6IHRydWV9f\
        X0.1vftdSu_-WqldEUB7PeYEUclVQ_SJlR8L1oDxyHjAHmeV8ZognnS5K0MG819tzBwjRvuDIZsj0dUENiGxlr3Bw
        """
    /// Of the account.
    private static let userToken = """
        eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ.eyJqdGkiOiAiT0pKVkFZQURITFMySzY1Q0FVMjdWRFhYVFg2V\
        FlNNUZaUTRVNllBNjU0VTJEQU9TM0tMQSIsICJpYXQiOiAxNzk2MDEyMjMxLCAiaXNzIjogIkFDWFI0T0tCRTNURlVPS0pKW\
        DVJVTYzSDJVNVQ0TkFYM1dUU05LUkpLTjZJU1FIWFZWNzJZMzVKIiwgIm5hbWUiOiAiaHViIiwgInN1YiI6ICJVQjRUS1JOU\
        1VWUFhWU1RHS0RFUFFRQlZGV0U1TUxaVVFQR0hVTVlSNTc0VlFEWVhDNEY0TU5VNiIsICJuYXRzIjogeyJ0eXBlIjogInVzZ\
        XIiLCAidmVyc2lvbiI6IDIsICJzdWJzIjogLTEsICJkYXRhIjogLTEsICJwYXlsb2FkIjogLTF9fQ.evwFHnj86fzdLjDVY-\
        OT4e_CQUhOrtv2TwZ8qKODPtCqeOIO0eRCrQfh4POQJEUwEjbMjePUQKX2ToZnuKndDg
        """
}
