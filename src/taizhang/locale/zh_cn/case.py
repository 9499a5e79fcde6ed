"""Owns the Chinese sentences of case files, of the check of an export, and of backups. It must not know who shows them."""

from __future__ import annotations

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

REFUSALS: dict[str, str] = {
    "backup.altered": "备份 {path} 被改动过：“{name}”与清单不符；请换用另一份备份。",
    "backup.changing": "“{name}”在备份过程中被改动；请重试。",
    "backup.malformed": "{path} 不是备份，或在第 {at} 字节处被改动；请换用另一份备份。",
    "backup.no-key": "台账 {ledger} 中没有签名密钥 signing.key；请去掉 --with-key，或另行备份密钥。",
    "backup.truncated": "备份 {path} 不完整，结尾缺失；请换用另一份备份。",
    "backup.unreadable": "备份 {path} 读不了：{detail}；请检查文件及其权限。",
    "backup.unsound": "备份 {path} 中的台账校验未通过，未恢复任何内容；不成立的有：{checks:check}。",
    "case.refused": "案卷 {path} 不成立：{reason}",
    "case.too-large": "问题 {number} 的案卷过大，装不进一个文件；请加 --no-evidence，只附佐证材料的哈希。",
    "export.ahead": "{path} 截至事件 #{index}，而本台账只到 #{head}：本台账是较早的副本，或表格出自另一本台账。",
    "export.foreign": "{path} 出自台账“{found}”，不是本台账“{origin}”；请用 --ledger 指明它所属的台账。",
    "export.no-stamp": "{path} 中没有导出标记，无从核对；只能核对本软件导出的 csv、json、xlsx 表格，且标记一行不能删去。",
    "export.root": "{path} 截至事件 #{index} 的根哈希是 {found}，本台账在该处是 {root}：表格的标记被改过，或台账的历史已不是导出时的历史；请用 ledger verify 查明。",
    "export.stamp-malformed": "导出标记“{found}”被改动过，或出自较新版本的程序。",
    "export.unreadable": "{path} 不是可以核对的表格：{detail}；请给出本软件导出的 csv、json 或 xlsx 文件。",
    "case.unreadable": "{path} 读不了：{detail}；请检查文件及其权限。",
    "restore.foreign": "{path} 中是台账“{origin}”，备份却是台账“{found}”的；请恢复到另一个文件夹。",
    "restore.forked": "自事件 #{index} 起，{path} 中的台账与备份不是同一段历史，不能互相替换；请恢复到另一个文件夹，查明何者为真。",
    "restore.older": "备份只有 {size} 条事件，{path} 中的台账已有 {known} 条；恢复会丢掉后来的事件。确要如此，请加 --older（原台账会移到一旁，不会删除）。",
    "restore.unreadable": "{path} 中的台账已读不了（{detail}），无法判断它是否比备份新；确要用备份替换，请加 --older（原台账会移到一旁，不会删除）。",
}

MESSAGES: dict[str, str] = {**PAGE, **REFUSALS}
