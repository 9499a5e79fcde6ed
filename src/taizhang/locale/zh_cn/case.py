"""Owns the Chinese sentences of erasure, of case files, of the check of an export, and of backups. It must not know who shows them."""

from __future__ import annotations

ERASURE: dict[str, str] = {
    "step.person-erase": "擦除人员信息",
    "topic.person.erased.v1": "擦除人员信息",
}

PAGE: dict[str, str] = {
    "check.kept-checkpoint": "与随附的检查点一致",
    "check.manifest": "与清单所记的台账名称、事件数和根哈希一致",
    "case.title": "问题案卷",
    "case.stands": "问题情况",
    "case.happened": "经过（{count} 条事件）",
    "case.no-evidence": "没有佐证材料。",
    "case.inside": "佐证材料随案卷附上，以 SHA-256 为文件名，存于 evidence 文件夹。",
    "case.outside": "佐证材料未随案卷附上；取得文件后，可核对其 SHA-256。",
    "case.proof": "证明",
    "case.sealed": "以上事件均在下列检查点之内：台账当时共有 {size} 条事件，其根哈希由台账的密钥签名。",
    "case.size": "事件数",
    "case.root": "根哈希",
    "case.vkey": "公钥（vkey）",
    "case.verify": "核验只需 Python 3.9 或更新版本，不需联网，也不需本软件。请从可靠的来源取得 verify_case.py（案卷中也附有一份），对案卷的 zip 文件本身运行：",
    "case.key": "公钥请用从台账主办方另行取得的那一个，不要照抄本页：伪造的案卷会写上伪造者自己的公钥。",
    "case.by-hand": "也可徒手核对。例如最后一条事件：下面两行应给出同一个哈希，它就是事件内容在叶记录中的承诺。",
    "case.proved": "核验通过即证明：上列各条事件的内容、次序和入账时间，自检查点签名之时起未被改动、插入或调换。",
    "case.not-proved": "不证明：所记内容是否属实；此后是否又有事件；本页文字（由台账签名，供阅读，以事件为准），以及人员和单位的名称（取自台账登记）。",
    "case.no-date": "不定期限",
    "case.named": "{name}（{id}）",
}

HELP: dict[str, str] = {
    "cli.help.person.erase": "擦除人员的个人信息（姓名），不可恢复；事件、证明和代号保留",
    "cli.arg.person.erase.grounds": "擦除的依据，留在事件中",
    "cli.help.ledger.backup": "备份台账（可在使用中进行），连同佐证材料写成一个文件",
    "cli.help.ledger.restore": "核验备份并恢复到文件夹；原有台账移到一旁，不删除",
    "cli.help.casefile": "生成一个问题的案卷：事件、佐证材料、证明和可读的页面，可离线核验",
    "cli.help.verify-case": "核验案卷，不需台账",
    "cli.help.verify-export": "核对导出的表格：本台账是否仍给出同一张表，有何出入",
    "cli.arg.older": "即使原台账更新或已读不了，也用备份替换",
    "cli.arg.with_key": "连同签名密钥一并备份；持有者即可代台账签名",
    "cli.arg.no_evidence": "只附佐证材料的哈希，不附文件",
    "cli.arg.vkey": "台账的公钥，须从可靠途径取得；可再给出见证方的公钥",
    "cli.arg.ledger.restore.file": "备份文件",
    "cli.arg.verify-case.file": "案卷文件",
    "cli.arg.verify-export.file": "导出的 xlsx、docx、csv、json 或 md 文件",
    "cli.arg.ledger.restore.to": "恢复到的文件夹；默认为 --ledger 所指",
    "cli.meta.vkey": "公钥",
}

TALK: dict[str, str] = {
    "cli.backed-up": "已备份 {size} 条事件，共 {files} 个文件、{bytes} 字节。",
    "cli.backup-damaged": "注意：{count} 份佐证材料在备份之前就已损坏，第一份的 SHA-256 应为 {sha256}；请用 ledger verify 查明。",
    "cli.backup-key": "注意：备份中含有签名密钥，持有备份者可以代台账签名，请妥善保管。",
    "cli.restoring": "正在恢复：{done}/{total}",
    "cli.restored": "已恢复 {size} 条事件（备份于 {made_at}），根哈希 {root}；请与手中的检查点核对。",
    "cli.restore-replaced": "原台账已移到 {path}。",
    "cli.restore-lost": "注意：原台账比备份多出 {count} 条事件，只在移到一旁的那一份中。",
    "cli.restore-evidence": "注意：有佐证材料缺失或与哈希不符，备份之前即已如此；请用 ledger verify 查明。",
    "cli.case-written": "问题 {number} 的案卷已生成：{events} 条事件、{evidence} 份佐证材料，封存于 {size} 条事件的检查点。",
    "cli.export-folding": "正在重演：{done}/{total}",
    "cli.export-same": "一致：本台账截至事件 #{index} 仍给出同一张表（{rows} 条），根哈希 {root}",
    "cli.export-differs": "不一致：共 {count} 处出入，以上列出 {shown} 处；表格截至事件 #{index}。",
    "cli.export-blank": "（空）",
    "cli.export-difference.cell": "{place}  {number} {column}：文件中为“{found}”，台账给出“{expected}”",
    "cli.export-difference.missing": "缺行：{number}",
    "cli.export-difference.extra": "{place}  多出的行：{number}",
    "cli.export-difference.order": "行的次序不同",
    "cli.export-difference.outside": "{place}：文件中为“{found}”，台账给出“{expected}”",
    "cli.export-difference.other": "文件中另有：{found}",
}

REFUSALS: dict[str, str] = {
    "person.erased": "人员 {person} 的信息已擦除，不能再变更；须以新代号重新登记。",
    "backup.altered": "备份 {path} 被改动过：“{name}”与清单不符；请换用另一份备份。",
    "backup.changing": "“{name}”在备份过程中被改动；请重试。",
    "backup.malformed": "{path} 不是备份，或在第 {at} 字节处被改动；请换用另一份备份。",
    "backup.no-key": "台账 {ledger} 中没有签名密钥 signing.key；请去掉 --with-key，或另行备份密钥。",
    "backup.truncated": "备份 {path} 不完整，结尾缺失；请换用另一份备份。",
    "backup.unreadable": "备份 {path} 读不了：{detail:os}；请检查文件及其权限。",
    "backup.unsound": "备份 {path} 中的台账校验未通过，未恢复任何内容；不成立的有：{checks:check}。",
    "case.refused": "案卷 {path} 不成立：{reason}",
    "case.tampered": "问题 {number} 的事件与台账封存的哈希不符（{check}），未生成案卷；请用 ledger verify 查明。",
    "case.too-large": "问题 {number} 的案卷过大，装不进一个文件；请加 --no-evidence，只附佐证材料的哈希。",
    "export.ahead": "{path} 截至事件 #{index}，而本台账只到 #{head}：本台账是较早的副本，或表格出自另一本台账。",
    "export.foreign": "{path} 出自台账“{found}”，不是本台账“{origin}”；请用 --ledger 指明它所属的台账。",
    "export.no-stamp": "{path} 中没有导出标记，无从核对；只能核对本软件导出的 xlsx、docx、csv、json、md 文件，且不能删去其中的导出标记。",
    "export.root": "{path} 截至事件 #{index} 的根哈希是 {found}，本台账在该处是 {root}：表格的标记被改过，或台账的历史已不是导出时的历史；请用 ledger verify 查明。",
    "export.stamp-malformed": "导出标记“{found}”被改动过，或出自较新版本的程序。",
    "export.unreadable": "{path} 不是可以核对的表格：{detail:os}；请给出本软件导出的 xlsx、docx、csv、json 或 md 文件。",
    "case.unreadable": "{path} 读不了：{detail:os}；请检查文件及其权限。",
    "restore.foreign": "{path} 中是台账“{origin}”，备份却是台账“{found}”的；请恢复到另一个文件夹。",
    "restore.forked": "自事件 #{index} 起，{path} 中的台账与备份不是同一段历史，不能互相替换；请恢复到另一个文件夹，查明何者为真。",
    "restore.older": "备份只有 {size} 条事件，{path} 中的台账已有 {known} 条；恢复会丢掉后来的事件。确要如此，请加 --older（原台账会移到一旁，不会删除）。",
    "restore.unreadable": "{path} 中的台账已读不了（{detail}），无法判断它是否比备份新；确要用备份替换，请加 --older（原台账会移到一旁，不会删除）。",
}

MESSAGES: dict[str, str] = {**ERASURE, **PAGE, **HELP, **TALK, **REFUSALS}
