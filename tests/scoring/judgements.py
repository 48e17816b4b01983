"""What channels of the French trending videos of November 2017 are about, read one by one.

Each stands under the id of its first video in the file, with no word of what it says. Two hundred
were drawn at random and read by the titles, tags and descriptions of their first videos. The
others were met while reading on through the list, for topics that are rare: by titles and tags,
and by descriptions where these left a doubt. What is named neither in `BELONG` nor in `BORDERLINE`
does not belong; what is borderline does not belong either.
"""

_READ = """
    Ro6eob0LrCY ceqntSXE-10 WuTFI5qftCE 0RFhWyM6qbA LhjhGOBIoHM JfanclGyrZY RpEJCznFreQ
    tsMw-VMUtNU c0YARs-b5rc BdUdHk80Z7U 1ZAPwfrtAFY avNyRo2Vd9U lQxGAH73DNE FGA3qaOl5SM
    exMNBvwCfRY 8YEGqrtsxBc Uq-eW_7xiAA o-y6Q0bANm4 Cu_I5qtYqaw anvZCeVIOCg EM0p9NFhDdo
    redJOfQQlhg QbBNjjZthsg a0TDcLkTdiM hQ0RcXSNKPM Vrfq5pIQJ-s 783GObTk-I4 Ia2WpQVP8lI
    qhanFhnOLsY 68F0uL6Z8-Y aBQSNL4DymI nP10W-rPJcg 2kyS6SvSYSE tisvoTD-IXo SoDxxEyxE84
    -ktC_CVGAvs FDoOrin7Guo YArr_7RbJiU 9x8maydHc38 fow3fbsZ00k nNWmcauF-9I tlSLFSw_lYs
    0gX3t6Otnnk LxlOw30Xo-U 7urLUZ0Btt8 OoCkKpGsF_0 jZPv46YGgfU lRHS-n3iR4g 64Zp9KvOY-Y
    8L3bSNzTVhQ rfZuiD2MaUM K2bupEhzJm0 TeNlZ_8WKdo RcFT1BlWYSY NUaf90fMEW4 x1xbq4XnOp4
    rJiyAQPrTVc MhDbAS6EQQ0 l_7HXA7LmUU 2KBTtnQyiis 9QSsa7PyuZ0 BaPXooxJp00 SefafTAhQ5Q
    iydJh4wFYq8 ARceRTLzDzA k_KXgkEZGtI 5QE2UWudkaY jKfNUQsYMYI 1cr9mQh_IlA 7Cj6P13MUNU
    S6r8FNCUNPA YdCowQVqdfo MPw9b9ZCsGU dpwv-nVUzAo w86peaYNLdk V9bayEQ7xwk XV0_9XAM10o
    6JqNitREfPk vt13k3Z31o4 k_73Get4zFA hZ73Ry3YthE -bqyTKrGq18 w9_TuLo3Ao0 FjcbdPF9bN4
    7M0pWfEAPoo VG1bq1mD5bk RKgk0DXZCvQ J_I00wRkYFY JmQbIFj3d10 mAbw28ePp5c xBwL10BMXeI
    Vt7p1-0X0Ho PqDTqJMMSrY qfvMu1vMY1c hWtTJ3Q37rY 3KvSVqN43t0 JrzLZiHeUO4 4HeOSihd32A
    k0OruM7tneA u6EoWM2KMPE SnHtzkQZggA irIZRH3JlIw g12KeCPRB4Q cJon8yBKv3g 4VVSNyAGYeg
    k_eAklnTFn8 ggzueeHh7Tk UWOAuTP27eo dZz03YX6qGo Tru6qt8YtRU GKMa04pjLzM MpliHEy_5LA
    NaVHCpHIpzw kgaO45SyaO4 kDLoph6bhp4 XsrYk6bVbq8 E8U8rZhmGQg x0oA63U9ptk HvyUEp-oxqI
    KkZK4MQOpTE DII4hxSNXXE thxRLNddnhU kauXN6nz_OQ jLixZkMhJPU hxUCwTxg2lk RBo7KpjFNU8
    Yw8olc2IQi8 3Bi-wUJs89M ld8usyxhfTA VsYmwBOYfW8 IyfzBVkSx9s d2JXTDSI6hk GJlVO7OI2yE
    W3qDI7IKuV8 p4KLrQKJn3c xdHmuy1RqCg pcBHulu4l98 ClytthbhuNQ r4h2D6PaGqY L3qQeo4bLMw
    F2MGNXj8HLo gQ6d_yKNmoM oxQ0m4szCpc b-ShNqtj8Yw QLwEN1gVios iSzOs8efz6I v3Z-7UjIIzU
    nwHdKBhUCJE gFbY974MF88 yWktRHKZaPQ bJ5kWi6dq8A QL4ToMuGyus OeVlDsxwca4 WWwA3TKZFH4
    lXIPoj77TxI f87uGBr4i9M Tt6lqiSYilM gjXrm2Q-te4 nV6xGXEL-QE CtBca6H6Teg KPuYy9u-BB0
    v0LFTFgbl1Y 2FXTCZ2gVvY PMDzl1EIElE ExvIThM_iPg hIvd2X_YV-M OjRTTBhCTKw GjwiF2NbCtI
    nmopwgd4q0w LZlLYKGNBNc r8vhL1tSbU8 H_NS3HDOldM HtLYuLu7lJY 5odnJmBVc-E vlC0N2ADQTE
    o44zmb3vfjI -dgKaxi4Y2w h7JdHPAG7Sw 29TUExD0oCc Es7LBVySlZ8 GcWUcsu5BgQ oQkwc9_T4h0
    sottGW1p5os yAAzqoUd6r8 NUHjBOyBLew EaStrywOa3k MHd4Nd8Xjtg oBkjAb7EHq4 kepIALKQZVo
    L8_0umY_AkM HlSzlyLG6hk iHZ9ePNUcno 8LNxEqlWSFI m6YqJoPtRn8 blwm0Z91b0Y 8vUPnsch2-w
    qbnN4jkjm2E an4KK6E1oIc aLFzbDh4FGg 9D1kfdEtcvI PVzoS9tTNvU k2FNd2YkpgE Npq2SegZFZ8
    wFxjZCAnW50 pufMR3w7eZ4 ocGUb5ycxQY PiCFUd1lgpQ fbuIMMNx77s H07iLrh13SQ bHlJdYtDiEs
    1RG7nqv7KM4 Rd8UD7WUIr8 I6aO0A4yemc WNv6ZKqp5CQ lTQlbULOrCg VgtrPFkXQtQ 5u9fhEiyy3I
    7t-ETimdGok JAafuflD5RU RnEgCE0KH7M qt3XC-hb7S0 sNPQ6xXmdhM Vza_eFAzKiA 6RIQFnpxLmY
    pnlbRW2XuS4 Dlu8HpTQLTs e1eeg-hj1B4 4X47GduLuoU fEqwUS6pCtw m37G2Ql-xUY ZfeZkm4wixk
    MBSg6V-spXc bEVlAGlILLs eg2ThjfgjLk SL9CBJVaYQk RahMS8W-sEQ iV2BBJcEMMA XKg9l4-k3sQ
    JDRzEdRQF5s t4j-qRb_tto SRYzH-B-fQA MDEI_e0ibzs jIOIE_QH63o oa5Yh9f3fHQ Ae7rZuR9oBw
    LoDefHIeEfI TyHvyGVs42U NlIUDolV820 vNEp7UHcW-k K0e6p1PpDKE bhXB_nm5n9Y h0mKly0IpII
    k5F66eD-B10 bPJ3Xm5c5Lg TlcCBYAawP8 BMoAaw8wKjs fy3UB7_wQ3Y BUS99d4NIHA vCICiSAJsfM
    sm_yZEV5WC0 PiAh1ccYTD4 pLCfdMZkzjw ZESvaUpCq_s 3VtmGwr_kYY XnmbW37BpGc W2WVSeOcuO0
    JPp-oLkQPQQ a_Asoki8YeA xtEv6byI3WA U_i3W_LihTM dkL2hfPW4tA MUofRgCgEY0 tw4jkyfY4HE
    AUu7EWgT0Hc Xg5cLMyExVs vRbHgtbiGfk zKEkuhsZttk OdNWY0-rf9o 9IEKGVHuSQw Olmadbdubf0
    sr2uAXEUMbg K0_w3LS0x70 1hhQ6-qTmgY hDoVr4Q960o __FwZsWMp6M e3-IB2mW7ME NTPAau4KNPQ
    0Vy8UIIEdKI 1tAq0Rwrsg4 I5upLRBgkAM -s1IoLKXKt8 GVKNgoDlbUk WK-PBn6h16Q l3NWzcUmKD4
    IDtOcT48n4o 21vcZh3fg4Y 4p55fDckEaE 9gDOJ-_L6-c 6P9I6jnNl7I 30yWUFKph-g d7ffnSzhaJc
    qArZgSFKcOs 0ridBadoNhU TUgYVGxfyPY w5lbP9P5qc4 bQUCqWSw2YE nu9XyuJ1B4c 3c0N9LzoEGo
    fSnI2OEBrD0 bmQI4-UXxOA IXl75g39PSs N98YhkMepC8 xWYDcdlvNSY FL0Eym7uH_o 19g5r5zmoKE
    RD2j1BPAoJQ 8lvY34O3-os t-GEporyYu0 3ZMSa7FxbNM ZmkAXgFsHxk jCL3UdXldxw KEXnU8wQ68g
    TwW3OwrpJvQ ZWHL1Qddiww 8gpJTXevhDo clK6DUfSsCE -PH6ATu9VNE A2KboB4Lafg 04nIdhzeMhE
    -Gptp_ui-Sg 4VqH3Ecx2R0 cEMjBhCs5lk Dv-fGZIIgIQ V8XfRrK8Ucc i7qhoZjy5o8 pCHehwl9i9k
    3066ZHdJZto h-pPn3nHyHA f0JuCp-KzbQ 10pOH6zj8Cg kz7XGDB3vq0 PzoccPn4hQ8 z-LPU7749z0
    cWRpfETUx7Q _X_VCXhoXkQ j72j9ido__w banBn7VokqY KDKTckoA3ig II6AnxPRCrs tOyTfX8-p_I
    VJwoSfTOhyM 8ss3WTov2Os -O400cbbcYU H2t4SNJqZM4 jH2t4Tcl3Pg BUxxoxBw_p0 CegHONl1V-g
    e20nTQF7moQ 6Vitv4WjGRw EmpmD3Y9KoE j3tSPqWCXcc 7XQi1XqLNrs _EvMYEfF_hQ fCmg6LymKDg
    8SkCDP0muso 29Jin3-FVJg dA64O-H8t3g wfnfQiKtj5Q o4mBun7UcJA HdQ4M_uBL4w h75bUNl8gcI
    ejJxEPvMshg KAoe2oxbnms 2fmdvr4evBE fV2H0njpC3I Pq38VtiD-80 hLndsaSIPBA 26V-SFnmGG8
    mwkkaPda-vU AV1_3s-xO7E j3C_11l7UXg 5E8eWDyMZM8 n48TqiD_58s xWEDYZsl1p8 UX9ItIMAZcM
    qutwZpdsczw 8rPwjyw9hrk _WF5Sg7Go5k 1lGHZ5NMHRY zQo-aa7wWZw 8xmhqYN4OlU x7eNdxFT9dg
    3OU1sMIU2DI Vmz9CUCH0Uo iAtvGmXTF2g tVDa94vh9NY 3dObRgjxhfM ZVM-A8bCmok 22IHle8m5Do
    x25ro_s6pE0 D6S7SfHmTCg 3ugEGFq77_Y Sk2Q-r-UShA CXri3MtcJbs B-Ov-dJ4B18 FlMtvy5SNeE
    lLY2FPghiB0 VeHtqSl_gyQ fPqPporKny4 quXrURZtd3o Zz8UZzvBdVo TpuPe99czvE IEstBqW6J2g
    HQ8iOnVNllQ 6Mpu9bBoi54 sE0hxNb0Pgg Pcfx_8qXk5E c3pxXL-72f8 5d32djI5s_U 8_Z02TQtOnM
    FfC5RU6wz0U kNfTtuJUiDA 8XX427MT2Bw XC9YhQD54Y4 k_9fhMyxSR8 NpV7p5Z0PMA H-5UHuSFi78
    oWMg2yaRNxY pc8a51ngQsQ rDjoPm1aAEg EvlZYhSGzLo qQTVuRrZO8w S_Vhg-0ZTdE CdviGwAZNdI
    cjEfZ9QO6HA JezcnU93uYc XTGdHLa4LwI 4ACfZPVZrtU wmOG8B9Zeq8 K0eIkqjWtMM HGJMZ74vhP8
    aG2Nm0GoHmA 3l2Rp_7Z5R4 okeZTE6rdDw LGrzTxorAzQ 1x_ks0t24rA pI4qAyJoLgk zk40XiTf_f0
    QiGJnf3TURk v4D0MccCDzM jKWpprFJJbQ A4dycwoxZUY NlcE5rtGNtQ 2ccpJuPn8xQ 0Tsz_E-Il0E
    mBrywhgxrw4 WmnZnRKCQII L2n1dLlpCkM ut2Na2hqSqo -CqiTME15Ms RHhQ01yFpgc Nn6f4gMWO90
    mYrJRPT2Mwg -gOf8oxhZIo 79NhZZqOYZ0 -LiwWqxsj2M jPZqyne9IeQ i9H8-wdZrkw VuqjtzE2PZM
    dhHJ_AqOs28 lw-y-P2ThFU TcLwpKacUag lh45Wgy3nmA sBA0DTmQSSU mQH36pFI7aw MfFcvg1BBKc
    RFD8GjUBKbQ tOExKhmKvCs 5fh10yC5hu8 9akI7kahHV0 gxzKZdTxNp8 m7w6ioxH_Ws f_nonyQadjg
    CFoH_KvZI9s 7Fy-RzL171M QuabDIiKZw4 -fdGEOS3N8A mitXl_Mh-JA WywY79twjV4 6GM4tTRf14s
    mpCWX5nGbU4 AC0Z5lmxJmU 9vrKBLunh6E 3o9mdTrqLdI 4RkN_anikVs 3GJ851LExdU ki_LlizWv9E
    biX2CRG6P6A Ks2l8VGwoqg o6b8NFJxFK4 yaAeBweoD3c
"""

#: Every channel that was read.
READ = frozenset(_READ.split())

_BELONG = {
    # Cooks, bakes or gives recipes. Borderline: tastes, tests machines or eats out.
    "cuisine": """
        lRHS-n3iR4g FjcbdPF9bN4 x0oA63U9ptk oxQ0m4szCpc WWwA3TKZFH4 KPuYy9u-BB0 v0LFTFgbl1Y
        5odnJmBVc-E EaStrywOa3k vNEp7UHcW-k t-GEporyYu0 3ZMSa7FxbNM 04nIdhzeMhE Dv-fGZIIgIQ
        KDKTckoA3ig CegHONl1V-g fCmg6LymKDg h75bUNl8gcI hLndsaSIPBA j3C_11l7UXg 3dObRgjxhfM
        kNfTtuJUiDA 79NhZZqOYZ0 4RkN_anikVs
    """,
    # Plays, shows or discusses video games. Borderline: a player whose videos here are of
    # something else, a game dubbed as a comic.
    "jeux vidéo": """
        WuTFI5qftCE FDoOrin7Guo NUaf90fMEW4 2KBTtnQyiis 9QSsa7PyuZ0 w86peaYNLdk g12KeCPRB4Q
        RBo7KpjFNU8 lXIPoj77TxI GjwiF2NbCtI 8LNxEqlWSFI 1RG7nqv7KM4 5u9fhEiyy3I ZfeZkm4wixk
        eg2ThjfgjLk sr2uAXEUMbg TUgYVGxfyPY KEXnU8wQ68g -Gptp_ui-Sg h-pPn3nHyHA -O400cbbcYU
        mYrJRPT2Mwg dhHJ_AqOs28 gxzKZdTxNp8 QuabDIiKZw4 mitXl_Mh-JA biX2CRG6P6A
    """,
    # Make-up, skin, hair, nails. Borderline: fashion, presents, bodies, one tip among many.
    "beauté": """
        OjRTTBhCTKw 6RIQFnpxLmY BMoAaw8wKjs WK-PBn6h16Q _X_VCXhoXkQ xWEDYZsl1p8 UX9ItIMAZcM
        8rPwjyw9hrk Pcfx_8qXk5E 5d32djI5s_U EvlZYhSGzLo RHhQ01yFpgc 5fh10yC5hu8
    """,
    # The game itself, in any language: clubs, matches, players, freestyle. Borderline: the game on
    # a console, news that are not of sport, all sports.
    "football": """
        0RFhWyM6qbA FGA3qaOl5SM o-y6Q0bANm4 a0TDcLkTdiM 68F0uL6Z8-Y fow3fbsZ00k nNWmcauF-9I
        LxlOw30Xo-U 7urLUZ0Btt8 jZPv46YGgfU 64Zp9KvOY-Y 8L3bSNzTVhQ K2bupEhzJm0 RcFT1BlWYSY
        MhDbAS6EQQ0 l_7HXA7LmUU SefafTAhQ5Q k_KXgkEZGtI XV0_9XAM10o vt13k3Z31o4 -bqyTKrGq18
        w9_TuLo3Ao0 7M0pWfEAPoo J_I00wRkYFY JmQbIFj3d10 JrzLZiHeUO4 k0OruM7tneA 4VVSNyAGYeg
        MpliHEy_5LA NaVHCpHIpzw XsrYk6bVbq8 E8U8rZhmGQg thxRLNddnhU IyfzBVkSx9s GJlVO7OI2yE
        ClytthbhuNQ r4h2D6PaGqY L3qQeo4bLMw QLwEN1gVios iSzOs8efz6I v3Z-7UjIIzU bJ5kWi6dq8A
        QL4ToMuGyus Tt6lqiSYilM nV6xGXEL-QE PMDzl1EIElE r8vhL1tSbU8 H_NS3HDOldM NUHjBOyBLew
        L8_0umY_AkM 8vUPnsch2-w an4KK6E1oIc Npq2SegZFZ8 fbuIMMNx77s e1eeg-hj1B4 t4j-qRb_tto
        MDEI_e0ibzs oa5Yh9f3fHQ Ae7rZuR9oBw LoDefHIeEfI XnmbW37BpGc dkL2hfPW4tA vRbHgtbiGfk
        Olmadbdubf0 1hhQ6-qTmgY __FwZsWMp6M NTPAau4KNPQ nu9XyuJ1B4c fSnI2OEBrD0 RD2j1BPAoJQ
        ZWHL1Qddiww clK6DUfSsCE -PH6ATu9VNE f0JuCp-KzbQ 10pOH6zj8Cg cWRpfETUx7Q e20nTQF7moQ
        8SkCDP0muso 29Jin3-FVJg dA64O-H8t3g wfnfQiKtj5Q zQo-aa7wWZw x7eNdxFT9dg Vmz9CUCH0Uo
        B-Ov-dJ4B18 FlMtvy5SNeE Zz8UZzvBdVo TpuPe99czvE 6Mpu9bBoi54 XC9YhQD54Y4 k_9fhMyxSR8
        H-5UHuSFi78 rDjoPm1aAEg QiGJnf3TURk 2ccpJuPn8xQ L2n1dLlpCkM i9H8-wdZrkw VuqjtzE2PZM
        lw-y-P2ThFU TcLwpKacUag sBA0DTmQSSU MfFcvg1BBKc -fdGEOS3N8A WywY79twjV4 6GM4tTRf14s
        AC0Z5lmxJmU 9vrKBLunh6E yaAeBweoD3c
    """,
    # Politicians, parties, elections, debates on them, of any country. Borderline: news at large,
    # talk shows, jokes on politicians.
    "politique": """
        Ro6eob0LrCY 1ZAPwfrtAFY lQxGAH73DNE qhanFhnOLsY aBQSNL4DymI SoDxxEyxE84 iydJh4wFYq8
        6JqNitREfPk 4HeOSihd32A DII4hxSNXXE Yw8olc2IQi8 W3qDI7IKuV8 F2MGNXj8HLo gQ6d_yKNmoM
        f87uGBr4i9M HlSzlyLG6hk blwm0Z91b0Y aLFzbDh4FGg 9D1kfdEtcvI wFxjZCAnW50 pnlbRW2XuS4
        NlIUDolV820 k5F66eD-B10 fy3UB7_wQ3Y vCICiSAJsfM sm_yZEV5WC0 -s1IoLKXKt8 9gDOJ-_L6-c
        xWYDcdlvNSY 19g5r5zmoKE z-LPU7749z0 8ss3WTov2Os 26V-SFnmGG8 22IHle8m5Do 3ugEGFq77_Y
        sE0hxNb0Pgg XTGdHLa4LwI -gOf8oxhZIo tOExKhmKvCs m7w6ioxH_Ws
    """,
    # Phones, computers, connected things. Borderline: spying tools, drones, robots, mere props.
    "high-tech": """
        c0YARs-b5rc YArr_7RbJiU jKfNUQsYMYI PqDTqJMMSrY dZz03YX6qGo nwHdKBhUCJE yWktRHKZaPQ
        nmopwgd4q0w lTQlbULOrCg Dlu8HpTQLTs SL9CBJVaYQk Xg5cLMyExVs 1lGHZ5NMHRY
    """,
    # Trains for strength or shape. Borderline: other sports, diets, a sponsor from there.
    "musculation": """
        EM0p9NFhDdo redJOfQQlhg dpwv-nVUzAo iHZ9ePNUcno Rd8UD7WUIr8 i7qhoZjy5o8 HdQ4M_uBL4w
        3GJ851LExdU
    """,
}

_BORDERLINE = {
    "cuisine": """
        RpEJCznFreQ TeNlZ_8WKdo MPw9b9ZCsGU dpwv-nVUzAo TlcCBYAawP8 BUS99d4NIHA zKEkuhsZttk
        9IEKGVHuSQw WK-PBn6h16Q 4p55fDckEaE bQUCqWSw2YE ZmkAXgFsHxk 6Vitv4WjGRw Pq38VtiD-80
        5E8eWDyMZM8 pc8a51ngQsQ CdviGwAZNdI 3o9mdTrqLdI
    """,
    "jeux vidéo": """
        exMNBvwCfRY Uq-eW_7xiAA QbBNjjZthsg 3KvSVqN43t0 4HeOSihd32A k_eAklnTFn8 3Bi-wUJs89M
        r8vhL1tSbU8 vlC0N2ADQTE kepIALKQZVo WNv6ZKqp5CQ 7t-ETimdGok iV2BBJcEMMA t4j-qRb_tto
        8gpJTXevhDo BUxxoxBw_p0 j3tSPqWCXcc tVDa94vh9NY pc8a51ngQsQ Nn6f4gMWO90
    """,
    "beauté": """
        avNyRo2Vd9U HvyUEp-oxqI d2JXTDSI6hk oxQ0m4szCpc o44zmb3vfjI TlcCBYAawP8 bmQI4-UXxOA
        8lvY34O3-os 5E8eWDyMZM8 A4dycwoxZUY -CqiTME15Ms
    """,
    "football": """
        Vrfq5pIQJ-s 783GObTk-I4 Ia2WpQVP8lI tisvoTD-IXo 9x8maydHc38 0gX3t6Otnnk NUaf90fMEW4
        rJiyAQPrTVc hZ73Ry3YthE irIZRH3JlIw 2FXTCZ2gVvY vlC0N2ADQTE 29TUExD0oCc k2FNd2YkpgE
        4X47GduLuoU fEqwUS6pCtw MBSg6V-spXc iV2BBJcEMMA ZESvaUpCq_s 6P9I6jnNl7I A2KboB4Lafg
        PzoccPn4hQ8 fV2H0njpC3I K0eIkqjWtMM HGJMZ74vhP8
    """,
    "politique": """
        LhjhGOBIoHM tlSLFSw_lYs rfZuiD2MaUM 5QE2UWudkaY 1cr9mQh_IlA k_73Get4zFA VG1bq1mD5bk
        xBwL10BMXeI Vt7p1-0X0Ho hxUCwTxg2lk p4KLrQKJn3c b-ShNqtj8Yw gFbY974MF88 -dgKaxi4Y2w
        h7JdHPAG7Sw 8LNxEqlWSFI m6YqJoPtRn8 PiCFUd1lgpQ H07iLrh13SQ I6aO0A4yemc RnEgCE0KH7M
        qt3XC-hb7S0 JDRzEdRQF5s PiAh1ccYTD4 jCL3UdXldxw TwW3OwrpJvQ V8XfRrK8Ucc kz7XGDB3vq0
        banBn7VokqY tOyTfX8-p_I AV1_3s-xO7E _WF5Sg7Go5k 8xmhqYN4OlU 3OU1sMIU2DI ZVM-A8bCmok
        IEstBqW6J2g c3pxXL-72f8 NlcE5rtGNtQ ut2Na2hqSqo f_nonyQadjg
    """,
    "high-tech": """
        V9bayEQ7xwk VG1bq1mD5bk UWOAuTP27eo kgaO45SyaO4 kauXN6nz_OQ qbnN4jkjm2E bPJ3Xm5c5Lg
        tw4jkyfY4HE w5lbP9P5qc4 7XQi1XqLNrs -LiwWqxsj2M
    """,
    "musculation": """
        Ro6eob0LrCY BaPXooxJp00 YdCowQVqdfo 21vcZh3fg4Y 4p55fDckEaE x25ro_s6pE0 Sk2Q-r-UShA
        4ACfZPVZrtU
    """,
}

BELONG = {topic: frozenset(ids.split()) for topic, ids in _BELONG.items()}
BORDERLINE = {topic: frozenset(ids.split()) for topic, ids in _BORDERLINE.items()}
