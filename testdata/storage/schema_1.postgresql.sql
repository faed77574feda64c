-- A database of schema 1, as mirrorwarden 0.1.0 wrote it and pg_dump dumped it.
CREATE TABLE audit (
    id integer NOT NULL,
    mirror integer NOT NULL,
    moment bigint NOT NULL,
    who text NOT NULL,
    what text NOT NULL,
    why text NOT NULL
);

ALTER TABLE audit ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME audit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE bucket (
    id integer NOT NULL,
    series integer NOT NULL,
    pocket integer NOT NULL,
    component text NOT NULL,
    architecture text NOT NULL
);

ALTER TABLE bucket ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bucket_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE content_row (
    mirror integer NOT NULL,
    bucket integer NOT NULL,
    freshness integer NOT NULL
);

CREATE TABLE distribution (
    id integer NOT NULL,
    name text NOT NULL,
    title text NOT NULL,
    primary_url text NOT NULL,
    freshness_rule integer NOT NULL,
    failures_before_disable integer NOT NULL
);

CREATE TABLE distribution_admin (
    distribution integer NOT NULL,
    place integer NOT NULL,
    name text NOT NULL,
    address text NOT NULL
);

ALTER TABLE distribution ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME distribution_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE distribution_pocket (
    distribution integer NOT NULL,
    pocket integer NOT NULL
);

CREATE TABLE image_row (
    mirror integer NOT NULL,
    series integer NOT NULL,
    flavour text NOT NULL
);

CREATE TABLE message (
    id integer NOT NULL,
    to_name text NOT NULL,
    to_address text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    mirror text NOT NULL,
    message_id text NOT NULL,
    created bigint NOT NULL,
    state integer NOT NULL,
    attempts integer NOT NULL,
    next_attempt bigint NOT NULL,
    last_error text NOT NULL,
    sent bigint
);

ALTER TABLE message ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME message_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE mirror (
    id integer NOT NULL,
    name text NOT NULL,
    display_name text NOT NULL,
    description text NOT NULL,
    distribution integer NOT NULL,
    country text NOT NULL,
    speed integer NOT NULL,
    content integer NOT NULL,
    official_candidate integer NOT NULL,
    status integer NOT NULL,
    whiteboard text NOT NULL,
    enabled integer NOT NULL,
    disabled_by integer NOT NULL,
    disabled_reason text NOT NULL,
    created bigint NOT NULL
);

ALTER TABLE mirror ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME mirror_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE mirror_owner (
    mirror integer NOT NULL,
    place integer NOT NULL,
    name text NOT NULL,
    address text NOT NULL
);

CREATE TABLE mirror_url (
    mirror integer NOT NULL,
    scheme text NOT NULL,
    url text NOT NULL
);

CREATE TABLE probe (
    id integer NOT NULL,
    mirror integer NOT NULL,
    started bigint NOT NULL,
    finished bigint NOT NULL,
    verdict integer NOT NULL,
    suspect integer NOT NULL,
    decided integer NOT NULL,
    requests bigint NOT NULL,
    expected bigint NOT NULL,
    found bigint NOT NULL,
    outcomes text NOT NULL
);

ALTER TABLE probe ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME probe_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE probe_log (
    probe integer NOT NULL,
    gz bytea NOT NULL
);

CREATE TABLE publication (
    bucket integer NOT NULL,
    published bigint NOT NULL,
    source text NOT NULL,
    version text NOT NULL,
    file text NOT NULL,
    path text NOT NULL,
    file_type integer NOT NULL,
    status integer NOT NULL
);

CREATE TABLE schema_version (
    application text NOT NULL,
    version integer NOT NULL
);

CREATE TABLE series (
    id integer NOT NULL,
    distribution integer NOT NULL,
    name text NOT NULL,
    version text NOT NULL,
    status integer NOT NULL
);

CREATE TABLE series_architecture (
    series integer NOT NULL,
    place integer NOT NULL,
    name text NOT NULL,
    official integer NOT NULL
);

CREATE TABLE series_component (
    series integer NOT NULL,
    place integer NOT NULL,
    name text NOT NULL
);

ALTER TABLE series ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME series_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE series_image (
    series integer NOT NULL,
    place integer NOT NULL,
    flavour text NOT NULL
);

CREATE TABLE series_image_file (
    series integer NOT NULL,
    image_place integer NOT NULL,
    place integer NOT NULL,
    path text NOT NULL
);

INSERT INTO audit OVERRIDING SYSTEM VALUE VALUES (1, 1, 1795253488635287, 'root', 'added', 'catalog load');
INSERT INTO audit OVERRIDING SYSTEM VALUE VALUES (2, 2, 1795253488635287, 'root', 'added', 'catalog load');
INSERT INTO audit OVERRIDING SYSTEM VALUE VALUES (3, 3, 1795253488635287, 'root', 'added', 'catalog load');
INSERT INTO audit OVERRIDING SYSTEM VALUE VALUES (4, 4, 1795253488635287, 'root', 'added', 'catalog load');
INSERT INTO audit OVERRIDING SYSTEM VALUE VALUES (5, 5, 1795253488802478, 'root', 'added', 'mirror add');
INSERT INTO audit OVERRIDING SYSTEM VALUE VALUES (6, 4, 1795253488979293, 'prober', 'disabled', 'has none of the 80 indexes that it was asked for');
INSERT INTO audit OVERRIDING SYSTEM VALUE VALUES (7, 5, 1795253489012106, 'root', 'disabled', 'moves house');

INSERT INTO bucket OVERRIDING SYSTEM VALUE VALUES (1, 4, 0, 'main', 'source');
INSERT INTO bucket OVERRIDING SYSTEM VALUE VALUES (2, 4, 0, 'main', 'i386');
INSERT INTO bucket OVERRIDING SYSTEM VALUE VALUES (3, 3, 0, 'main', 'i386');

INSERT INTO content_row VALUES (1, 1, 8);
INSERT INTO content_row VALUES (1, 2, 8);
INSERT INTO content_row VALUES (1, 3, 8);

INSERT INTO distribution OVERRIDING SYSTEM VALUE VALUES (1, 'ubuntu', 'Ubuntu', '', 1, 1);

INSERT INTO distribution_pocket VALUES (1, 0);
INSERT INTO distribution_pocket VALUES (1, 10);
INSERT INTO distribution_pocket VALUES (1, 20);
INSERT INTO distribution_pocket VALUES (1, 30);
INSERT INTO distribution_pocket VALUES (1, 40);

INSERT INTO message OVERRIDING SYSTEM VALUE VALUES (1, 'Foo Bar', 'foo.bar@canonical.com', 'Mirror archive-404-mirror of Ubuntu was disabled', 'Hello Foo Bar,

the mirror archive-404-mirror of Ubuntu is no longer listed: when it was
probed, it had none of the indexes that it should have.

  Mirror:        archive-404-mirror
  Distribution:  Ubuntu
  Base URL:      http://localhost:11375/archive-mirror/
  Probed:        2026-11-21T09:31:28Z to 2026-11-21T09:31:28Z
  Looked for:    80 indexes: none was found

What came back:

     80 x http-status 404: the server answered, but not with the file

What you may want to check:

  * Does http://localhost:11375/archive-mirror/dists/ still lead to the
    archive? The base URL must be the folder that holds both dists/ and
    pool/. If the archive has moved, tell us the new URL.
  * Did the last sync end well, and is there still room on the disk?

The log begins like this:

  2026-11-21T09:31:28.903Z  mirrorwarden 0.1.0: at most 300 requests at once and 2 to a host; 10 s to connect, 30 s in all
  2026-11-21T09:31:28.903Z  probing archive-404-mirror (ubuntu, ARCHIVE) at http://localhost:11375/archive-mirror/, asking for 80 indexes
  2026-11-21T09:31:28.908Z  http-status 404  http://localhost:11375/archive-mirror/dists/breezy-autotest/main/source/Sources.gz  not carried: index not found
  2026-11-21T09:31:28.908Z  http-status 404  http://localhost:11375/archive-mirror/dists/breezy-autotest/main/binary-i386/Packages.gz  not carried: index not found
  2026-11-21T09:31:28.909Z  http-status 404  http://localhost:11375/archive-mirror/dists/breezy-autotest/restricted/binary-i386/Packages.gz  not carried: index not found
  2026-11-21T09:31:28.910Z  http-status 404  http://localhost:11375/archive-mirror/dists/breezy-autotest/restricted/source/Sources.gz  not carried: index not found
  2026-11-21T09:31:28.911Z  http-status 404  http://localhost:11375/archive-mirror/dists/breezy-autotest/universe/binary-i386/Packages.gz  not carried: index not found
  2026-11-21T09:31:28.911Z  http-status 404  http://localhost:11375/archive-mirror/dists/breezy-autotest/universe/source/Sources.gz  not carried: index not found
  2026-11-21T09:31:28.912Z  http-status 404  http://localhost:11375/archive-mirror/dists/breezy-autotest/multiverse/binary-i386/Packages.gz  not carried: index not found
  2026-11-21T09:31:28.913Z  http-status 404  http://localhost:11375/archive-mirror/dists/breezy-autotest/multiverse/source/Sources.gz  not carried: index not found
  2026-11-21T09:31:28.913Z  http-status 404  http://localhost:11375/archive-mirror/dists/breezy-autotest-security/main/binary-i386/Packages.gz  not carried: index not found
  2026-11-21T09:31:28.914Z  http-status 404  http://localhost:11375/archive-mirror/dists/breezy-autotest-security/main/source/Sources.gz  not carried: index not found
  2026-11-21T09:31:28.915Z  http-status 404  http://localhost:11375/archive-mirror/dists/breezy-autotest-security/restricted/binary-i386/Packages.gz  not carried: index not found
  2026-11-21T09:31:28.916Z  http-status 404  http://localhost:11375/archive-mirror/dists/breezy-autotest-security/restricted/source/Sources.gz  not carried: index not found
  2026-11-21T09:31:28.917Z  http-status 404  http://localhost:11375/archive-mirror/dists/breezy-autotest-security/universe/binary-i386/Packages.gz  not carried: index not found
  2026-11-21T09:31:28.917Z  http-status 404  http://localhost:11375/archive-mirror/dists/breezy-autotest-security/universe/source/Sources.gz  not carried: index not found
  2026-11-21T09:31:28.918Z  http-status 404  http://localhost:11375/archive-mirror/dists/breezy-autotest-security/multiverse/binary-i386/Packages.gz  not carried: index not found
  2026-11-21T09:31:28.919Z  http-status 404  http://localhost:11375/archive-mirror/dists/breezy-autotest-security/multiverse/source/Sources.gz  not carried: index not found
  2026-11-21T09:31:28.920Z  http-status 404  http://localhost:11375/archive-mirror/dists/breezy-autotest-updates/main/binary-i386/Packages.gz  not carried: index not found
  2026-11-21T09:31:28.921Z  http-status 404  http://localhost:11375/archive-mirror/dists/breezy-autotest-updates/main/source/Sources.gz  not carried: index not found

The admins can read all of it with this command:

  mirrorwarden log archive-404-mirror --at 2026-11-21T09:31:28.903414Z

You need not tell anybody when it works again. The mirror is still probed
every day, and after the first good probe it is listed again by itself.
Thank you for running it!

Mirrorwarden, a program that looks after mirrors
You get this mail because you are named as an owner of this mirror.
', 'archive-404-mirror', '<disabled.disabled.1795253488890914.1.1@mirrors.example.org>', 1795253488979293, 1, 0, 1795253488979293, '', NULL);
INSERT INTO message OVERRIDING SYSTEM VALUE VALUES (2, 'José', 'jose@example.org', 'Mirror third of Ubuntu was disabled by an admin', 'Hello José,

an admin has taken the mirror third of Ubuntu off the list. The reason
given:

> moves house

  Mirror:        third
  Distribution:  Ubuntu
  Base URL:      http://third.example.org/

It is not probed any more and does not come back by itself: when the matter
is settled, an admin has to enable it.

Mirrorwarden, a program that looks after mirrors
You get this mail because you are named as an owner of this mirror.
', 'third', '<disabled.third.1795253489012106.75270904.1@mirrors.example.org>', 1795253489012106, 1, 0, 1795253489012106, '', NULL);

INSERT INTO mirror OVERRIDING SYSTEM VALUE VALUES (1, 'valid-mirror', '', '', 1, 'AF', 100000, 1, 1, 30, '', 1, 0, '', 1795253488635287);
INSERT INTO mirror OVERRIDING SYSTEM VALUE VALUES (2, 'invalid-mirror', '', '', 1, 'IO', 45000, 2, 0, 10, '', 1, 0, '', 1795253488635287);
INSERT INTO mirror OVERRIDING SYSTEM VALUE VALUES (3, 'unreachable-mirror', '', '', 1, 'IO', 10000, 2, 0, 10, '', 1, 0, '', 1795253488635287);
INSERT INTO mirror OVERRIDING SYSTEM VALUE VALUES (4, 'archive-404-mirror', '', '', 1, 'IO', 2000, 1, 0, 10, '', 0, 1, 'has none of the 80 indexes that it was asked for', 1795253488635287);
INSERT INTO mirror OVERRIDING SYSTEM VALUE VALUES (5, 'third', '', '', 1, 'FR', 2000, 1, 0, 10, 'slow on Mondays', 0, 2, 'moves house', 1795253488802478);

INSERT INTO mirror_owner VALUES (1, 0, 'Foo Bar', 'foo.bar@canonical.com');
INSERT INTO mirror_owner VALUES (2, 0, 'Foo Bar', 'foo.bar@canonical.com');
INSERT INTO mirror_owner VALUES (3, 0, 'Foo Bar', 'foo.bar@canonical.com');
INSERT INTO mirror_owner VALUES (4, 0, 'Foo Bar', 'foo.bar@canonical.com');
INSERT INTO mirror_owner VALUES (5, 0, 'José', 'jose@example.org');

INSERT INTO mirror_url VALUES (1, 'http', 'http://localhost:11375/valid-mirror/');
INSERT INTO mirror_url VALUES (2, 'http', 'http://localhost:11375/invalid-mirror/');
INSERT INTO mirror_url VALUES (3, 'http', 'http://localhost:11375/timeout/');
INSERT INTO mirror_url VALUES (4, 'http', 'http://localhost:11375/archive-mirror/');
INSERT INTO mirror_url VALUES (5, 'http', 'http://third.example.org/');
INSERT INTO mirror_url VALUES (5, 'rsync', 'rsync://third.example.org/x/');

INSERT INTO probe OVERRIDING SYSTEM VALUE VALUES (1, 4, 1795253488903414, 1795253488975127, 2, 0, 1, 80, 80, 0, '{"http-status 404":80}');
INSERT INTO probe OVERRIDING SYSTEM VALUE VALUES (2, 1, 1795253488903488, 1795253488975619, 1, 0, 1, 82, 80, 3, '{"http-status 404":79,"ok":3}');

INSERT INTO probe_log VALUES (1, '\x1f8b0800000000000403bd99cd8eda301845f77d8a6fd94a84d84e6606d25555556a77555b75d19d493c100dd8d43f6d99a7af4304641846959a6b56088b90a393f8fac6114cdc669c67827f63f3aae095984de7acf841b469ad35f6b7b48dd2c4a67cca2a929e36c6792a1823ab7e06e5bceb068dae1549dd90206f48d22afee82d7146aefb5e1bad55ed27f1b038d06a92ebf52bf1e289b7d62c5abd2469eb55fb4b65252bb31e865e8745d03e4ce8dd97f71f3f7dfff0a63bf9cafb6d95e76b53cb7577e28af3e2ee263f1cde1f9a4f48ba87ee6fef8da5198b188dfaa3dc0b1cb328a0fbdfcc79e983a3c8d00ffcfb444d1ba5e40babd4e32e93c11b1f2de51bd9eadc99606b957fdd7fb8e9f291481b4fb5b4b6554dd533ed87ee4dd0cd55d9a2726977595bcc6ef3cfb27e904bf5df8473b43d1b15dab6f6aac9819c9c25e4845c6bced18441c729659d827a4c4789b128d0163761ed1378ec62179b3a274e8c493461e6541d6ceb777d40222777099679868af179930c325164de5e0318e3f62e196a9210bd022ec62bba1b0d26d629ae904980ae231781216e05ba916461dbc85840e1f12ad06bfe53528c4df4ba7f644c13ae02beba1eaefe80176316beb81e485344ab484f8bb10a6f0307ab69faaa8097810bbc18b370d2b849b1352e3e8fee1fec81ab95802faf4f51313ed3410ea20a6915de018e5607c010b705bc031c5153846b012f02cf71315ed381a689d7025e5f8e6607c018b7f0e6b2885b905b63e34e2a3a600b781b3863c51885778113e520b180115b5c87186317de074e7693842c7c73e0022fc66c42d2416a21ef5b783538b91d1063ec8e665d99f896079ea9e5e8ce32e082982a47aff63d519aac4c4087b136ba72ecad0d36c8bad79ec0c95a8e2e1a970031ee46f78a33b4d1b7de5f40d6fb0cdc1f00001f8b0800000000000403b598cd52c2301446f73c451ec092b6d01fea4b38a32b77691b68c6d2d42415f1e94da94a05dc982f2b98cc3073e6e4e3de9b1b87711a445110474fe1a65845459c2f37ebe49990c6983ed08699419375b89e0e0a4a5b59b1b691da1451b4ca12ca54d588371eec855252d15a68a36923993a069a578312e64815d74689caf09a6a39a88ad3c7d3875eee3e08e9a42115534af0ba20a2abf9fbe9682b87ae5ec43701530ce0d0d7cc704df74c74b414dd082d56794a1f58f5c276fcdf7c99073e8c3930d9ec6691fe72acbf1925c6e206c3d72bd94b6dff15e80026a10f40883b38daec7281114c22b0c11926c6638c012c6da9eba5b2451b1ec29517428cbd359a6d76bfc818fae4c498741e160e4cd919019e3ee71961c68531e5dc7b27a2a1b3f396d21c39b124ce1ded820d630c43751e44d1214b9dfbec49db0520c45deadcc02ed07cc42e756e627f41621c3a77b009cfd73b23f5c1873187a975c1b7392fe10355972b468c41109db7374606aa7dbf0121ee3250edfb41f3113f7f901887a0dae2ef7d91f921c4d8739edba7ce71b6e7258298d93db84189b138f285446e491e92d33ef06efca6f8eb60378abab85a52e6e13dd932d18e9b4446a695243908d3c8c1d8032dba5dcbbf768c42132349c9895d59b2d2fe64f109a2712ee10d150000');
INSERT INTO probe_log VALUES (2, '\x1f8b0800000000000403cd995d6fd3301486eff915e712a4a6899d6cebc215424820a481f894b873136fb59adac51f1bdbafc769b534835613eaeb89abaa51533f7992bce7d8e6053fcd18cb38fb529cd725abf96c7a5e943f8856ca5a636f846da5a662caa6454dc2d3ca384f655190953f8374def5078d6e2409dd12276f48d022fee825b1825cffbd315acbc64fe269f180d224baee193f38f0da9ab9d257742d3ad5665b0c7a1ee641fb30a1579f5ebf7df7edcd8b7ed885f7eb3acf3bd388ae1fb266ac3c3bc9c727e613126ed9ffdda5b1342be2f0adfc25dd81f1cfe285f7ff9a392f7c705415d5f6c063c3b42aaac8e756cabbdb4c046f7c7493af84d279bc18616f3355ce4ef38fa2598a2be9a6577744da786a84b54ab6f5966b73e8d204dd1ee03b4fc0e74cb08dcc3f6f3efe17321bf559d578d922fdb102eb6f4409b1c818962f68752dad935087a9183106fbe842bec1a1f3091ca6a3c458aca01633279b6095bf8507223b49098a71799a0871143ec012c39e0017e3155bab77cf6892d09c257a0806588c536c7fb173ba4a13a34f800bf1cab17d4716d6ad880d263c4e39c73ea60f3831261311a609538eadf3c37d1fd162ac82ebfdfd7d1fd20958a0786a568c517019bd379a2648797a5a8c5570cd8f4b0d6be3e21c133d51e7e07aff1014e33215e2289c80af7d092ea183d1112ec46b32d014615a6227f3d9607580c5380557fd01334d9c96e0b2bf0f17e3150c3a8fcb9b6b63e34a283a504b70d5ff83146313bc18b1631c651432529f82176316dc9feccc0e3985f40aee52f6d062ac823b801d67a258054ff7f7f262ccf6a466f92f5b470b1337891e894d6b6e486a17ac6c2774194361a1a573f4f5e2fdc587ef1775dc3da2759877aa115e19bdd97a5bc866b97f2fa93ab2a11a01439c5547b6225b9e3449591dd97ffcc586317664f5de508dd6e8c09b95d591257b1f1ec61b16ece847ee374ccc4d4d841f00001f8b0800000000000403b5984b6edb301086f739050f608a7abf7a84026e802628904d404b744c4416550e95474f1fc96a2d3b5152581aae6468e30f1f47f3cfd077fd987a1ef5bd1b37cb032ff753270ba33b4276c634140c372d90d00d87173963952a78b5536072cf0b92883df14a96742fb5569a95120cb09de2fa9582285a2dcd2bd3028c9685112503d5ea42b09f8707380f7f08a9952105d75a8a3227b22ec5cbe1d556b57579e54fe2c518786d53722380edb9acd946d63db20cd2985df3e2913f88d974093a1d8eb51493ebe44c31dd659618710ca2d0355a350aba6f01bbf0221743de391e8ab7c84305b3537a916f0b12c7618081b7e95a5ba374d7a2d18bcf061f8eb910d79ca5f24389dcf17c4f28712cf699ab1e2f99029eb9eec2ffeb42d3ea99881a5a2d3ec9fa6876d6374a55c3bf37acd977d384f9fbb8f79c8c7af7bcaa9c526c8601e4f67a45b69db35d2d00c8edfafbfac7aff5f4f411f5f93edbc4c461fcdfc1ece41e1d70c62be0b435b282939f9d0bd7c9380d9d128acb55cc061be6c4a142da5a3e090d0273088b1646f53bb28953bb7c6c8d17e6f381699caabffeb066e02d4ce9293c1c6fb86036ca2d5e383cbc737744c4f1b7309a07385beb52bc705d9aa0c3b186d1dbe83f6bc713455c96623b8438f630fa2f3ddf4510d52528adf81c0fc55b82d2eb8e6036ca2e41e9751f1171fca1f4ba718cc60ed9c4061f8eb9856bd2d0874773564a6fe192f429238ec19e2e206a4b52971cae2f5724f58916bfdbee0214f20f37aa49b6ea1789e01b6938743742576f42053e5e8d150000');

INSERT INTO publication VALUES (1, -1, 'mozilla-firefox', '0.9', '', '', 0, 1);
INSERT INTO publication VALUES (1, 1079287200000000, 'another', '0.99.6-1', '', '', 0, 2);
INSERT INTO publication VALUES (1, 1096286233000000, 'mozilla-firefox', '0.9', '', '', 0, 2);
INSERT INTO publication VALUES (1, 1126784522870714, 'alsa-utils', '1.0.8-1ubuntu1', 'alsa-utils_1.0.8-1ubuntu1.dsc', '', 4, 2);
INSERT INTO publication VALUES (1, 1126870922870714, 'alsa-utils', '1.0.9a-4', 'alsa-utils_1.0.9a-4.dsc', '', 4, 2);
INSERT INTO publication VALUES (2, 1119052800000000, 'mozilla-firefox', '0.9', 'mozilla-firefox_0.9_i386.deb', '', 1, 2);
INSERT INTO publication VALUES (2, 1119225600000000, 'pmount', '2:1.9-1', 'pmount_1.9-1_all.deb', '', 1, 2);
INSERT INTO publication VALUES (2, 1119225660000000, 'pmount', '0.1-1', 'pmount_0.1-1_all.udeb', '', 2, 2);
INSERT INTO publication VALUES (2, 1119571260000000, 'pmount', '0.1-1', 'pmount_0.1-1_all.udeb', '', 2, 2);

INSERT INTO schema_version VALUES ('mirrorwarden', 1);

INSERT INTO series OVERRIDING SYSTEM VALUE VALUES (1, 1, 'breezy-autotest', '6.6.6', 5);
INSERT INTO series OVERRIDING SYSTEM VALUE VALUES (2, 1, 'grumpy', '5.10', 5);
INSERT INTO series OVERRIDING SYSTEM VALUE VALUES (3, 1, 'hoary', '5.04', 5);
INSERT INTO series OVERRIDING SYSTEM VALUE VALUES (4, 1, 'warty', '4.10', 5);

INSERT INTO series_architecture VALUES (1, 0, 'i386', 1);
INSERT INTO series_architecture VALUES (3, 0, 'i386', 1);
INSERT INTO series_architecture VALUES (4, 0, 'i386', 1);

INSERT INTO series_component VALUES (1, 0, 'main');
INSERT INTO series_component VALUES (1, 1, 'restricted');
INSERT INTO series_component VALUES (1, 2, 'universe');
INSERT INTO series_component VALUES (1, 3, 'multiverse');
INSERT INTO series_component VALUES (3, 0, 'main');
INSERT INTO series_component VALUES (3, 1, 'restricted');
INSERT INTO series_component VALUES (4, 0, 'main');
INSERT INTO series_component VALUES (4, 1, 'universe');

SELECT pg_catalog.setval('audit_id_seq', 7, true);

SELECT pg_catalog.setval('bucket_id_seq', 3, true);

SELECT pg_catalog.setval('distribution_id_seq', 1, true);

SELECT pg_catalog.setval('message_id_seq', 2, true);

SELECT pg_catalog.setval('mirror_id_seq', 5, true);

SELECT pg_catalog.setval('probe_id_seq', 2, true);

SELECT pg_catalog.setval('series_id_seq', 4, true);

ALTER TABLE ONLY audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (id);

ALTER TABLE ONLY bucket
    ADD CONSTRAINT bucket_pkey PRIMARY KEY (id);

ALTER TABLE ONLY bucket
    ADD CONSTRAINT bucket_series_pocket_component_architecture_key UNIQUE (series, pocket, component, architecture);

ALTER TABLE ONLY content_row
    ADD CONSTRAINT content_row_pkey PRIMARY KEY (mirror, bucket);

ALTER TABLE ONLY distribution_admin
    ADD CONSTRAINT distribution_admin_pkey PRIMARY KEY (distribution, place);

ALTER TABLE ONLY distribution
    ADD CONSTRAINT distribution_name_key UNIQUE (name);

ALTER TABLE ONLY distribution
    ADD CONSTRAINT distribution_pkey PRIMARY KEY (id);

ALTER TABLE ONLY distribution_pocket
    ADD CONSTRAINT distribution_pocket_pkey PRIMARY KEY (distribution, pocket);

ALTER TABLE ONLY image_row
    ADD CONSTRAINT image_row_pkey PRIMARY KEY (mirror, series, flavour);

ALTER TABLE ONLY message
    ADD CONSTRAINT message_pkey PRIMARY KEY (id);

ALTER TABLE ONLY mirror
    ADD CONSTRAINT mirror_name_key UNIQUE (name);

ALTER TABLE ONLY mirror_owner
    ADD CONSTRAINT mirror_owner_pkey PRIMARY KEY (mirror, place);

ALTER TABLE ONLY mirror
    ADD CONSTRAINT mirror_pkey PRIMARY KEY (id);

ALTER TABLE ONLY mirror_url
    ADD CONSTRAINT mirror_url_pkey PRIMARY KEY (mirror, scheme);

ALTER TABLE ONLY mirror_url
    ADD CONSTRAINT mirror_url_url_key UNIQUE (url);

ALTER TABLE ONLY probe_log
    ADD CONSTRAINT probe_log_pkey PRIMARY KEY (probe);

ALTER TABLE ONLY probe
    ADD CONSTRAINT probe_pkey PRIMARY KEY (id);

ALTER TABLE ONLY publication
    ADD CONSTRAINT publication_pkey PRIMARY KEY (bucket, published, source, version, file);

ALTER TABLE ONLY series_architecture
    ADD CONSTRAINT series_architecture_pkey PRIMARY KEY (series, place);

ALTER TABLE ONLY series_component
    ADD CONSTRAINT series_component_pkey PRIMARY KEY (series, place);

ALTER TABLE ONLY series
    ADD CONSTRAINT series_distribution_name_key UNIQUE (distribution, name);

ALTER TABLE ONLY series_image_file
    ADD CONSTRAINT series_image_file_pkey PRIMARY KEY (series, image_place, place);

ALTER TABLE ONLY series_image
    ADD CONSTRAINT series_image_pkey PRIMARY KEY (series, place);

ALTER TABLE ONLY series
    ADD CONSTRAINT series_pkey PRIMARY KEY (id);

CREATE INDEX audit_by_mirror ON audit USING btree (mirror, id);

CREATE UNIQUE INDEX message_by_message_id ON message USING btree (message_id) WHERE (message_id <> ''::text);

CREATE INDEX message_by_state ON message USING btree (state, next_attempt);

CREATE INDEX probe_by_mirror ON probe USING btree (mirror, started, id);

ALTER TABLE ONLY audit
    ADD CONSTRAINT audit_mirror_fkey FOREIGN KEY (mirror) REFERENCES mirror(id);

ALTER TABLE ONLY bucket
    ADD CONSTRAINT bucket_series_fkey FOREIGN KEY (series) REFERENCES series(id);

ALTER TABLE ONLY distribution_admin
    ADD CONSTRAINT distribution_admin_distribution_fkey FOREIGN KEY (distribution) REFERENCES distribution(id);

ALTER TABLE ONLY distribution_pocket
    ADD CONSTRAINT distribution_pocket_distribution_fkey FOREIGN KEY (distribution) REFERENCES distribution(id);

ALTER TABLE ONLY image_row
    ADD CONSTRAINT image_row_mirror_fkey FOREIGN KEY (mirror) REFERENCES mirror(id);

ALTER TABLE ONLY image_row
    ADD CONSTRAINT image_row_series_fkey FOREIGN KEY (series) REFERENCES series(id);

ALTER TABLE ONLY mirror
    ADD CONSTRAINT mirror_distribution_fkey FOREIGN KEY (distribution) REFERENCES distribution(id);

ALTER TABLE ONLY mirror_owner
    ADD CONSTRAINT mirror_owner_mirror_fkey FOREIGN KEY (mirror) REFERENCES mirror(id);

ALTER TABLE ONLY mirror_url
    ADD CONSTRAINT mirror_url_mirror_fkey FOREIGN KEY (mirror) REFERENCES mirror(id);

ALTER TABLE ONLY probe_log
    ADD CONSTRAINT probe_log_probe_fkey FOREIGN KEY (probe) REFERENCES probe(id);

ALTER TABLE ONLY probe
    ADD CONSTRAINT probe_mirror_fkey FOREIGN KEY (mirror) REFERENCES mirror(id);

ALTER TABLE ONLY publication
    ADD CONSTRAINT publication_bucket_fkey FOREIGN KEY (bucket) REFERENCES bucket(id);

ALTER TABLE ONLY series_architecture
    ADD CONSTRAINT series_architecture_series_fkey FOREIGN KEY (series) REFERENCES series(id);

ALTER TABLE ONLY series_component
    ADD CONSTRAINT series_component_series_fkey FOREIGN KEY (series) REFERENCES series(id);

ALTER TABLE ONLY series
    ADD CONSTRAINT series_distribution_fkey FOREIGN KEY (distribution) REFERENCES distribution(id);

ALTER TABLE ONLY series_image_file
    ADD CONSTRAINT series_image_file_series_image_place_fkey FOREIGN KEY (series, image_place) REFERENCES series_image(series, place);

ALTER TABLE ONLY series_image
    ADD CONSTRAINT series_image_series_fkey FOREIGN KEY (series) REFERENCES series(id);

