-- A database of schema 1, as mirrorwarden 0.1.0 wrote it and sqlite3 dumped it.
PRAGMA application_id = 0x4d725764;
CREATE TABLE schema_version (
    application TEXT NOT NULL,
    version     INTEGER NOT NULL
) STRICT;
INSERT INTO schema_version VALUES('mirrorwarden',1);
CREATE TABLE distribution (
    id                      INTEGER PRIMARY KEY AUTOINCREMENT,
    name                    TEXT NOT NULL UNIQUE,
    title                   TEXT NOT NULL,
    primary_url             TEXT NOT NULL,
    freshness_rule          INTEGER NOT NULL,
    failures_before_disable INTEGER NOT NULL
) STRICT;
INSERT INTO distribution VALUES(1,'ubuntu','Ubuntu','',1,1);
CREATE TABLE distribution_pocket (
    distribution INTEGER NOT NULL REFERENCES distribution (id),
    pocket       INTEGER NOT NULL,
    PRIMARY KEY (distribution, pocket)
) STRICT, WITHOUT ROWID;
INSERT INTO distribution_pocket VALUES(1,0);
INSERT INTO distribution_pocket VALUES(1,10);
INSERT INTO distribution_pocket VALUES(1,20);
INSERT INTO distribution_pocket VALUES(1,30);
INSERT INTO distribution_pocket VALUES(1,40);
CREATE TABLE distribution_admin (
    distribution INTEGER NOT NULL REFERENCES distribution (id),
    place        INTEGER NOT NULL,
    name         TEXT NOT NULL,
    address      TEXT NOT NULL,
    PRIMARY KEY (distribution, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE series (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    distribution INTEGER NOT NULL REFERENCES distribution (id),
    name         TEXT NOT NULL,
    version      TEXT NOT NULL,
    status       INTEGER NOT NULL,
    UNIQUE (distribution, name)
) STRICT;
INSERT INTO series VALUES(1,1,'breezy-autotest','6.6.6',5);
INSERT INTO series VALUES(2,1,'grumpy','5.10',5);
INSERT INTO series VALUES(3,1,'hoary','5.04',5);
INSERT INTO series VALUES(4,1,'warty','4.10',5);
CREATE TABLE series_component (
    series INTEGER NOT NULL REFERENCES series (id),
    place  INTEGER NOT NULL,
    name   TEXT NOT NULL,
    PRIMARY KEY (series, place)
) STRICT, WITHOUT ROWID;
INSERT INTO series_component VALUES(1,0,'main');
INSERT INTO series_component VALUES(1,1,'restricted');
INSERT INTO series_component VALUES(1,2,'universe');
INSERT INTO series_component VALUES(1,3,'multiverse');
INSERT INTO series_component VALUES(3,0,'main');
INSERT INTO series_component VALUES(3,1,'restricted');
INSERT INTO series_component VALUES(4,0,'main');
INSERT INTO series_component VALUES(4,1,'universe');
CREATE TABLE series_architecture (
    series   INTEGER NOT NULL REFERENCES series (id),
    place    INTEGER NOT NULL,
    name     TEXT NOT NULL,
    official INTEGER NOT NULL,
    PRIMARY KEY (series, place)
) STRICT, WITHOUT ROWID;
INSERT INTO series_architecture VALUES(1,0,'i386',1);
INSERT INTO series_architecture VALUES(3,0,'i386',1);
INSERT INTO series_architecture VALUES(4,0,'i386',1);
CREATE TABLE series_image (
    series  INTEGER NOT NULL REFERENCES series (id),
    place   INTEGER NOT NULL,
    flavour TEXT NOT NULL,
    PRIMARY KEY (series, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE series_image_file (
    series      INTEGER NOT NULL,
    image_place INTEGER NOT NULL,
    place       INTEGER NOT NULL,
    path        TEXT NOT NULL,
    PRIMARY KEY (series, image_place, place),
    FOREIGN KEY (series, image_place) REFERENCES series_image (series, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE bucket (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    series       INTEGER NOT NULL REFERENCES series (id),
    pocket       INTEGER NOT NULL,
    component    TEXT NOT NULL,
    architecture TEXT NOT NULL,  -- 'source' for sources
    UNIQUE (series, pocket, component, architecture)
) STRICT;
INSERT INTO bucket VALUES(1,4,0,'main','source');
INSERT INTO bucket VALUES(2,4,0,'main','i386');
INSERT INTO bucket VALUES(3,3,0,'main','i386');
CREATE TABLE mirror (
    id                 INTEGER PRIMARY KEY AUTOINCREMENT,
    name               TEXT NOT NULL UNIQUE,
    display_name       TEXT NOT NULL,
    description        TEXT NOT NULL,
    distribution       INTEGER NOT NULL REFERENCES distribution (id),
    country            TEXT NOT NULL,
    speed              INTEGER NOT NULL,  -- kilobits a second
    content            INTEGER NOT NULL,
    official_candidate INTEGER NOT NULL,
    status             INTEGER NOT NULL,
    whiteboard         TEXT NOT NULL,
    enabled            INTEGER NOT NULL,
    disabled_by        INTEGER NOT NULL,
    disabled_reason    TEXT NOT NULL,
    created            INTEGER NOT NULL
) STRICT;
INSERT INTO mirror VALUES(1,'valid-mirror','','',1,'AF',100000,1,1,30,'',1,0,'',1795253485831170);
INSERT INTO mirror VALUES(2,'invalid-mirror','','',1,'IO',45000,2,0,10,'',1,0,'',1795253485831170);
INSERT INTO mirror VALUES(3,'unreachable-mirror','','',1,'IO',10000,2,0,10,'',1,0,'',1795253485831170);
INSERT INTO mirror VALUES(4,'archive-404-mirror','','',1,'IO',2000,1,0,10,'',0,1,'has none of the 80 indexes that it was asked for',1795253485831170);
INSERT INTO mirror VALUES(5,'third','','',1,'FR',2000,1,0,10,'slow on Mondays',0,2,'moves house',1795253485977229);
CREATE TABLE mirror_owner (
    mirror  INTEGER NOT NULL REFERENCES mirror (id),
    place   INTEGER NOT NULL,
    name    TEXT NOT NULL,
    address TEXT NOT NULL,
    PRIMARY KEY (mirror, place)
) STRICT, WITHOUT ROWID;
INSERT INTO mirror_owner VALUES(1,0,'Foo Bar','foo.bar@canonical.com');
INSERT INTO mirror_owner VALUES(2,0,'Foo Bar','foo.bar@canonical.com');
INSERT INTO mirror_owner VALUES(3,0,'Foo Bar','foo.bar@canonical.com');
INSERT INTO mirror_owner VALUES(4,0,'Foo Bar','foo.bar@canonical.com');
INSERT INTO mirror_owner VALUES(5,0,'José','jose@example.org');
CREATE TABLE mirror_url (
    mirror INTEGER NOT NULL REFERENCES mirror (id),
    scheme TEXT NOT NULL,
    url    TEXT NOT NULL UNIQUE,
    PRIMARY KEY (mirror, scheme)
) STRICT, WITHOUT ROWID;
INSERT INTO mirror_url VALUES(1,'http','http://localhost:11375/valid-mirror/');
INSERT INTO mirror_url VALUES(2,'http','http://localhost:11375/invalid-mirror/');
INSERT INTO mirror_url VALUES(3,'http','http://localhost:11375/timeout/');
INSERT INTO mirror_url VALUES(4,'http','http://localhost:11375/archive-mirror/');
INSERT INTO mirror_url VALUES(5,'http','http://third.example.org/');
INSERT INTO mirror_url VALUES(5,'rsync','rsync://third.example.org/x/');
CREATE TABLE audit (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    mirror INTEGER NOT NULL REFERENCES mirror (id),
    moment INTEGER NOT NULL,
    who    TEXT NOT NULL,
    what   TEXT NOT NULL,
    why    TEXT NOT NULL
) STRICT;
INSERT INTO audit VALUES(1,1,1795253485831170,'root','added','catalog load');
INSERT INTO audit VALUES(2,2,1795253485831170,'root','added','catalog load');
INSERT INTO audit VALUES(3,3,1795253485831170,'root','added','catalog load');
INSERT INTO audit VALUES(4,4,1795253485831170,'root','added','catalog load');
INSERT INTO audit VALUES(5,5,1795253485977229,'root','added','mirror add');
INSERT INTO audit VALUES(6,4,1795253486178874,'prober','disabled','has none of the 80 indexes that it was asked for');
INSERT INTO audit VALUES(7,5,1795253486274072,'root','disabled','moves house');
CREATE TABLE content_row (
    mirror    INTEGER NOT NULL,  -- of mirror
    bucket    INTEGER NOT NULL,  -- of bucket
    freshness INTEGER NOT NULL,
    PRIMARY KEY (mirror, bucket)
) STRICT, WITHOUT ROWID;
INSERT INTO content_row VALUES(1,1,8);
INSERT INTO content_row VALUES(1,2,8);
INSERT INTO content_row VALUES(1,3,8);
CREATE TABLE image_row (
    mirror  INTEGER NOT NULL REFERENCES mirror (id),
    series  INTEGER NOT NULL REFERENCES series (id),
    flavour TEXT NOT NULL,
    PRIMARY KEY (mirror, series, flavour)
) STRICT, WITHOUT ROWID;
CREATE TABLE publication (
    bucket    INTEGER NOT NULL REFERENCES bucket (id),
    published INTEGER NOT NULL,
    source    TEXT NOT NULL,
    version   TEXT NOT NULL,
    file      TEXT NOT NULL,
    path      TEXT NOT NULL,
    file_type INTEGER NOT NULL,
    status    INTEGER NOT NULL,
    PRIMARY KEY (bucket, published, source, version, file)
) STRICT, WITHOUT ROWID;
INSERT INTO publication VALUES(1,-1,'mozilla-firefox','0.9','','',0,1);
INSERT INTO publication VALUES(1,1079287200000000,'another','0.99.6-1','','',0,2);
INSERT INTO publication VALUES(1,1096286233000000,'mozilla-firefox','0.9','','',0,2);
INSERT INTO publication VALUES(1,1126784522870714,'alsa-utils','1.0.8-1ubuntu1','alsa-utils_1.0.8-1ubuntu1.dsc','',4,2);
INSERT INTO publication VALUES(1,1126870922870714,'alsa-utils','1.0.9a-4','alsa-utils_1.0.9a-4.dsc','',4,2);
INSERT INTO publication VALUES(2,1119052800000000,'mozilla-firefox','0.9','mozilla-firefox_0.9_i386.deb','',1,2);
INSERT INTO publication VALUES(2,1119225600000000,'pmount','2:1.9-1','pmount_1.9-1_all.deb','',1,2);
INSERT INTO publication VALUES(2,1119225660000000,'pmount','0.1-1','pmount_0.1-1_all.udeb','',2,2);
INSERT INTO publication VALUES(2,1119571260000000,'pmount','0.1-1','pmount_0.1-1_all.udeb','',2,2);
CREATE TABLE probe (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    mirror   INTEGER NOT NULL REFERENCES mirror (id),
    started  INTEGER NOT NULL,
    finished INTEGER NOT NULL,
    verdict  INTEGER NOT NULL,
    suspect  INTEGER NOT NULL,
    decided  INTEGER NOT NULL,
    requests INTEGER NOT NULL,
    expected INTEGER NOT NULL,
    found    INTEGER NOT NULL,
    outcomes TEXT NOT NULL  -- a JSON object, requests by outcome
) STRICT;
INSERT INTO probe VALUES(1,4,1795253486049058,1795253486158726,2,0,1,80,80,0,'{"http-status 404":80}');
INSERT INTO probe VALUES(2,1,1795253486049131,1795253486162689,1,0,1,82,80,3,'{"http-status 404":79,"ok":3}');
CREATE TABLE probe_log (
    probe INTEGER PRIMARY KEY REFERENCES probe (id),
    gz    BLOB NOT NULL
) STRICT;
INSERT INTO probe_log VALUES(1,X'1f8b0800000000000403bd99cd8eda301845f77d8a6fd94a98d8e12fa4abaaaad4eeaab6eaa23b9378201ab0a97fda324f5f07047866a82a0dd7ac1011490e27e1de2fa6e4e59409c14af18dcfeb91a8cbe9908fe73f88369db5c6fe96b6559af8500c794dd2d3c6384f23cec9aa9f4139effa8d46378aa46ea9246f48d22a7ee82d094eae7fdf18ad55e30771b7b8a1d324d7eb57e53f4fbcb566d1e92549dbacba5f8a8df9981d60e8755804edc380de7d79fff1d3f70f6ffa93afbcdfd645b1368d5cf727ae8518cd26c571f7c3aec580a4bbef0f7b672c553c62b4ea8f72973926e328a03f2e735efae028321c36fcff446d17a5140babd4c38ec9e08d8f968a8dec7411bf96b43bd68daa69f15936f772a9dc70f940a48da7465adba9b63e90ed37dd99a0dbcb84d3320ba133c136aaf8ba7f7931db08cd66a342db355eb55087f0ab9c70624c4ed026838e3f29eb14d4e3341b25c6e20ccdb7096b9fc1634e4e8cc90a6c9239d504dbf91d3e20fb0e4346f8135488cf19cf06994411b0766e038c719bef06c811a215ba8ccef7eb0917e23523689e58add0257a369b0063dca29b94856d2be3000a8fd70add558f493136b331e609d70adeaec7ab9ff062ccc2b3f5487aca2a6069cde12dfb8c1662752ed0d3c09133c929a4d75bf062cca29f48595ca4d81a179f47d10ff673f81cf01815e3135ea927c824aa90b7ea4d80316ee133c0c96d96708597ec735c8cd77ca099e2153e0e9ccc26c018b7f07960119747b7c6c6955470c00a0e9f069eb0228c0a0eefd633659688151cbd22cd2e1263ecc2e781336b869015fc16bc18b3f0f1e56c36492ddc6820387c34b8488cb17bf56cb032f11f287ca65eddad0917c614882853565e5ded075f091dc6dad53dbee74a16c8b07f7b0a7175795f0284b883a32517f76571f717d97a4455dc1f00001f8b0800000000000403b5984d6e83301046f739850f50626c203ff41295da55770e38c16a82a96d9aa6a7af135a486856f5c72a9125a4a737e3f1ccf0982f22c622ce5ee2759eb09c2fe68cb157422ae79ac83ae15a4bd238ed0e724af7ba10fb4a5b9733962c332a4c51a90f191d9431dad052596769a58539455616ad51ee448db4cea8c2c9925add9a42d2e7cb8f9defbe08a9b523853046c93227aa2ee5e7e568abdbba9cf1bb801c03d836a570d2d2835035dda8fa0cad92d5823e89e24dece4bff99209f830e6522cd9556491feb2c9283116417c8dd18db6fe56c013708111780b8871b704a34d9482abe930311e41801b5fea1a6d7cd18627e11aa3704408b1c76334db3469c8414ff1e0f08a136332f82d3e0ae37b0474f6f1e097ee8a0b622a0111b5b5efb78c95c88e2509beab175b43cb870e671a7c61bb70f6f2202105518db461d0822bc728a2bd3960a397628ac7e0af87c43804e14d3567a4c1734617e31b3e8c394cad8b7ec9fab822936f2a468cc1e019a38bed6d0b8fd4173c63dc03c4b843a34d927ec183d0c85f0f8971183c5f747843e7896e09324c4b108d0821f632d0eb3bb0f5d1055ee10c1ee39e1263f1cc1713bd25ab985cf6810fe77f46beb77ea368f33f4bca55fc48b642edcf9b4441ba9524392a57e9d6f903abeadd5efeec1895254e938d247e652936fe93d93729a034b80d150000');
INSERT INTO probe_log VALUES(2,X'1f8b0800000000000403bd995d6fd3301885eff915ef25484d63a75d9b862b8490404803c100893b37f1d6a8a95dfcb1b1fd7a9c564bb32e68821eefaaaad5c44f1ea5e7c471c6b259c27992f10bb62826bcc86663365dfc24dad4c66873234c2515b1311fb38284a38db68e268c9191bfbcb4ceb6835a959284aa2823a749d02afce8357146b6fd5e6aa564e946e1b030502b124df322fbebc45ba397b5baa26bd1d455b2c7a0977ee995f3237af3e5edfb0fdfdfbd6aa75d39b72dd2b4d1a568da290bce27f3b3b47f603a2261d7ede92eb5a19c85e92bf95bdae1f9cf26e1c2dbb326d609e72d4dd9743ff0d434551d54a44b23e5dd6d22bcd32eb84937a25669b818616e937a92cfd2cfa25c8b2b69c75777444a3b2a8531b5ac8a3dd76ee8527b550df3cdb2087c567b53caf4ebeee3bfc9c0e64cd067ead2c90aea6f8af5d7a3c4583cc3f279555f4b6325d4e12c1223c6e01c4bb7f18d8be0308f4689b1d816002e07132b4b6f6a778b0fc4a8a010977316c9652f7c8015338f65b4870bf19a631be7708fc608cd1c5b3c03b018a7b130e3c4688eada283d51e2ec62b18d46f2b111e30e1719a63db3379c08931896dce8eb0974ec030cdc1617aefb3478bb11a893346942ec07d7aefb46385185d706cebdf53f69209789f2eb0ebcaee5fd5a3c55805777e78d5b0d536ac31d10bf505b8481f82625c62d79a4987d80b27e42dfa0cb818afe0aeefbc760185b40a2efcc7b018a7e0d6ef307b0185b40aaed3215c8c5730e832bcdedc6a13de848203953370eb1f91226c7206eefc03639448e50cdcfa83bc18b3e0de3f90460855cec0e53f408bb10aaed403679458e5ec39783166db6700bdfe97ada3950e9b444fc4a6d1372495f5465623ba0ca1b052d25afa76fef1fcd38ff322ec1ed1d62f9bba14aed66ab7f5b692e57a702f89b313abbf078c717662c7ef792225e5893df9880d630c41d57be985ddace4fcc4cade493bc28378e327f6f411d8c9b7dc1fc72fe8ed841f00001f8b0800000000000403cd98d16e9b301486effb147e8018634348608f3029abb45595765339e0345609663ea65dfbf423d0129ab24e8183b42b10377cfce7e79cff58f822a29c53c17ff87112f044441ee7e227217be74a0a4eba0a48e887ed8384b1dca432df1b7009e7c16ac91e65ae337ad0d61acb320d0ed8de48fb4c41a595d5ee995905ceead4a98c81a96caad8f7e602defd0b2185712495d66a9525441799fadd3cda99aac8aec4205e8081579599740ad841ea826d757144d6c13a62d7327d90f7ea3fa2c3512dc454ad57534ced963331e2281861d095d69406ea7f01dd782b7c3c1cdd70c166b2de1a55bd1e248e863106deb66e6da5b1758bc6369ff067e043514e705cb25e65113bdf8c94382a1e238179b824053c495b0fffcf8d66cd1351055456fd65d68be3d41afdde814ffff71b473782d298bcfdde9295873abfb8d7cb1df762caef649e7b99dab691e7e67a4176b597f6850220379baf9b6fb79be1bc2346fffb2722c9640e92564ee7d0bbadc97c2f9634f432482f060b26468ad62155a11f95058519c282d192b509f68c6cc04797c7d670628b6c984ea9faf31f6b04dec43e398487a31b2ed81c760b272e4c67da758838fa4d5c975ab8b9d6a5109f0e47358cde46df54eb2a8a1819c289cbd2fbba768438eaa1b0cdb62a8513379256baf77838bae1827545c5b4dde87cd41badb4d3ae4344d16f893263e75b939628b3ec8c0f473994b29ec8baba225a2f4219b3038c280a367401313bb2f649737cb9206b41acfa55d507a0907c38515dc58be36a137c21a584fa44e8ea0f8a447a3e8d150000');
CREATE TABLE message (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    to_name      TEXT NOT NULL,
    to_address   TEXT NOT NULL,
    subject      TEXT NOT NULL,
    body         TEXT NOT NULL,
    mirror       TEXT NOT NULL,
    message_id   TEXT NOT NULL,
    created      INTEGER NOT NULL,
    state        INTEGER NOT NULL,
    attempts     INTEGER NOT NULL,
    next_attempt INTEGER NOT NULL,
    last_error   TEXT NOT NULL,
    sent         INTEGER
) STRICT;
INSERT INTO message VALUES(1,'Foo Bar','foo.bar@canonical.com','Mirror archive-404-mirror of Ubuntu was disabled',replace('Hello Foo Bar,\n\nthe mirror archive-404-mirror of Ubuntu is no longer listed: when it was\nprobed, it had none of the indexes that it should have.\n\n  Mirror:        archive-404-mirror\n  Distribution:  Ubuntu\n  Base URL:      http://localhost:11375/archive-mirror/\n  Probed:        2026-11-21T09:31:26Z to 2026-11-21T09:31:26Z\n  Looked for:    80 indexes: none was found\n\nWhat came back:\n\n     80 x http-status 404: the server answered, but not with the file\n\nWhat you may want to check:\n\n  * Does http://localhost:11375/archive-mirror/dists/ still lead to the\n    archive? The base URL must be the folder that holds both dists/ and\n    pool/. If the archive has moved, tell us the new URL.\n  * Did the last sync end well, and is there still room on the disk?\n\nThe log begins like this:\n\n  2026-11-21T09:31:26.049Z  mirrorwarden 0.1.0: at most 300 requests at once and 2 to a host; 10 s to connect, 30 s in all\n  2026-11-21T09:31:26.049Z  probing archive-404-mirror (ubuntu, ARCHIVE) at http://localhost:11375/archive-mirror/, asking for 80 indexes\n  2026-11-21T09:31:26.054Z  http-status 404  http://localhost:11375/archive-mirror/dists/breezy-autotest/main/binary-i386/Packages.gz  not carried: index not found\n  2026-11-21T09:31:26.062Z  http-status 404  http://localhost:11375/archive-mirror/dists/breezy-autotest/main/source/Sources.gz  not carried: index not found\n  2026-11-21T09:31:26.063Z  http-status 404  http://localhost:11375/archive-mirror/dists/breezy-autotest/restricted/binary-i386/Packages.gz  not carried: index not found\n  2026-11-21T09:31:26.064Z  http-status 404  http://localhost:11375/archive-mirror/dists/breezy-autotest/restricted/source/Sources.gz  not carried: index not found\n  2026-11-21T09:31:26.065Z  http-status 404  http://localhost:11375/archive-mirror/dists/breezy-autotest/universe/binary-i386/Packages.gz  not carried: index not found\n  2026-11-21T09:31:26.066Z  http-status 404  http://localhost:11375/archive-mirror/dists/breezy-autotest/universe/source/Sources.gz  not carried: index not found\n  2026-11-21T09:31:26.067Z  http-status 404  http://localhost:11375/archive-mirror/dists/breezy-autotest/multiverse/binary-i386/Packages.gz  not carried: index not found\n  2026-11-21T09:31:26.067Z  http-status 404  http://localhost:11375/archive-mirror/dists/breezy-autotest/multiverse/source/Sources.gz  not carried: index not found\n  2026-11-21T09:31:26.068Z  http-status 404  http://localhost:11375/archive-mirror/dists/breezy-autotest-security/main/binary-i386/Packages.gz  not carried: index not found\n  2026-11-21T09:31:26.069Z  http-status 404  http://localhost:11375/archive-mirror/dists/breezy-autotest-security/main/source/Sources.gz  not carried: index not found\n  2026-11-21T09:31:26.070Z  http-status 404  http://localhost:11375/archive-mirror/dists/breezy-autotest-security/restricted/binary-i386/Packages.gz  not carried: index not found\n  2026-11-21T09:31:26.070Z  http-status 404  http://localhost:11375/archive-mirror/dists/breezy-autotest-security/restricted/source/Sources.gz  not carried: index not found\n  2026-11-21T09:31:26.079Z  http-status 404  http://localhost:11375/archive-mirror/dists/breezy-autotest-security/universe/binary-i386/Packages.gz  not carried: index not found\n  2026-11-21T09:31:26.084Z  http-status 404  http://localhost:11375/archive-mirror/dists/breezy-autotest-security/universe/source/Sources.gz  not carried: index not found\n  2026-11-21T09:31:26.084Z  http-status 404  http://localhost:11375/archive-mirror/dists/breezy-autotest-security/multiverse/binary-i386/Packages.gz  not carried: index not found\n  2026-11-21T09:31:26.085Z  http-status 404  http://localhost:11375/archive-mirror/dists/breezy-autotest-security/multiverse/source/Sources.gz  not carried: index not found\n  2026-11-21T09:31:26.086Z  http-status 404  http://localhost:11375/archive-mirror/dists/breezy-autotest-updates/main/binary-i386/Packages.gz  not carried: index not found\n  2026-11-21T09:31:26.087Z  http-status 404  http://localhost:11375/archive-mirror/dists/breezy-autotest-updates/main/source/Sources.gz  not carried: index not found\n\nThe admins can read all of it with this command:\n\n  mirrorwarden log archive-404-mirror --at 2026-11-21T09:31:26.049058Z\n\nYou need not tell anybody when it works again. The mirror is still probed\nevery day, and after the first good probe it is listed again by itself.\nThank you for running it!\n\n-- \nMirrorwarden, a program that looks after mirrors\nYou get this mail because you are named as an owner of this mirror.\n','\n',char(10)),'archive-404-mirror','<disabled.disabled.1795253486046783.1.1@mirrors.example.org>',1795253486178874,1,0,1795253486178874,'',NULL);
INSERT INTO message VALUES(2,'José','jose@example.org','Mirror third of Ubuntu was disabled by an admin',replace('Hello José,\n\nan admin has taken the mirror third of Ubuntu off the list. The reason\ngiven:\n\n> moves house\n\n  Mirror:        third\n  Distribution:  Ubuntu\n  Base URL:      http://third.example.org/\n\nIt is not probed any more and does not come back by itself: when the matter\nis settled, an admin has to enable it.\n\n-- \nMirrorwarden, a program that looks after mirrors\nYou get this mail because you are named as an owner of this mirror.\n','\n',char(10)),'third','<disabled.third.1795253486274072.831734d5.1@mirrors.example.org>',1795253486274072,1,0,1795253486274072,'',NULL);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('distribution',1);
INSERT INTO sqlite_sequence VALUES('series',4);
INSERT INTO sqlite_sequence VALUES('mirror',5);
INSERT INTO sqlite_sequence VALUES('audit',7);
INSERT INTO sqlite_sequence VALUES('bucket',3);
INSERT INTO sqlite_sequence VALUES('probe',2);
INSERT INTO sqlite_sequence VALUES('message',2);
CREATE INDEX audit_by_mirror ON audit (mirror, id);
CREATE INDEX probe_by_mirror ON probe (mirror, started, id);
CREATE UNIQUE INDEX message_by_message_id ON message (message_id) WHERE message_id <> '';
CREATE INDEX message_by_state ON message (state, next_attempt);
