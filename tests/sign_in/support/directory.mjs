// SPDX-License-Identifier: Apache-2.0
// A directory that others wrote (OpenLDAP's slapd) in a temporary directory, with people of the test's own.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { free_port, new_directory, stopped } from "./office.mjs";

export const suffix = "dc=bn,dc=example";
export const reader_password = "of who looks people up";
// slapd lies where an ordinary user's PATH does not look.
const path = `${process.env.PATH}:/usr/sbin:/sbin`;

const person = ({ uid, cn, password }) => `
dn: uid=${uid},ou=people,${suffix}
objectClass: inetOrgPerson
uid: ${uid}
cn:: ${Buffer.from(cn).toString("base64")}
sn: ${uid}
userPassword: ${password}
`;

const group = ({ name, members }) => `
dn: cn=${name},ou=groups,${suffix}
objectClass: groupOfNames
cn: ${name}
${members.map((uid) => `member: uid=${uid},ou=people,${suffix}`).join("\n")}
`;

const tree = (people, groups) => `
dn: ${suffix}
objectClass: dcObject
objectClass: organization
o: Banan
dc: bn

dn: ou=people,${suffix}
objectClass: organizationalUnit
ou: people

dn: ou=groups,${suffix}
objectClass: organizationalUnit
ou: groups

dn: cn=reader,${suffix}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: reader
userPassword: ${reader_password}
${people.map(person).join("")}${groups.map(group).join("")}`;

function reached(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => { socket.destroy(); resolve(true); });
    socket.on("error", () => resolve(false));
  });
}

// An authority, and a certificate by it for this machine.
function make_certificates(directory) {
  const run = (...words) => execFileSync("openssl", words, { cwd: directory, stdio: "ignore" });
  for (const name of ["authority", "stranger"]) {
    run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", `${name}.key`, "-out", `${name}.pem`, "-days", "3650",
      "-subj", `/CN=${name}`);
  }
  run("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=directory");
  writeFileSync(join(directory, "names"), "subjectAltName=IP:127.0.0.1\n");
  run("x509", "-req", "-in", "server.csr", "-CA", "authority.pem", "-CAkey", "authority.key", "-CAcreateserial", "-days", "3650",
    "-extfile", "names", "-out", "server.pem");
}

export class Directory {
  static async start(people, groups) {
    const directory = new Directory();
    directory.place = new_directory();
    directory.authority = join(directory.place, "authority.pem");
    directory.stranger = join(directory.place, "stranger.pem");
    directory.port = await free_port();
    directory.tls_port = await free_port();
    make_certificates(directory.place);
    mkdirSync(join(directory.place, "data"));
    writeFileSync(join(directory.place, "slapd.conf"), `
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile ${directory.place}/pid
TLSCACertificateFile ${directory.authority}
TLSCertificateFile ${directory.place}/server.pem
TLSCertificateKeyFile ${directory.place}/server.key
database mdb
maxsize 67108864
suffix "${suffix}"
rootdn "cn=root,${suffix}"
rootpw root
directory ${directory.place}/data
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="cn=reader,${suffix}" read by * none
`);
    writeFileSync(join(directory.place, "tree.ldif"), tree(people, groups));
    execFileSync("slapadd", ["-f", "slapd.conf", "-l", "tree.ldif"], { cwd: directory.place, env: { ...process.env, PATH: path } });
    await directory.run();
    return directory;
  }

  async run() {
    this.child = spawn("slapd", ["-f", "slapd.conf", "-d", "0", "-h", `ldap://127.0.0.1:${this.port} ldaps://127.0.0.1:${this.tls_port}`],
      { cwd: this.place, env: { ...process.env, PATH: path }, stdio: "ignore" });
    for (let tried = 0; !(await reached(this.port)); ++tried) {
      if (tried > 200 || this.child.exitCode !== null) throw new Error("slapd does not start");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  change(ldif) {
    execFileSync("ldapmodify", ["-x", "-H", `ldap://127.0.0.1:${this.port}`, "-D", `cn=root,${suffix}`, "-w", "root"],
      { input: ldif, stdio: ["pipe", "ignore", "inherit"] });
  }

  pause = () => this.child.kill("SIGSTOP");
  resume = () => this.child.kill("SIGCONT");
  stop = () => stopped(this.child);

  async remove() {
    this.resume();
    await this.stop();
    rmSync(this.place, { recursive: true, force: true });
  }
}
